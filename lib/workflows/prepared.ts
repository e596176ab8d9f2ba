import type { Ports } from './ports';

/** A command that has passed its checks and changed nothing yet. A dry run ends here, so it refuses what the real run refuses. */
export interface Prepared<Outcome> {
  /** What the command answers once it is done. */
  readonly outcome: Outcome;
  perform(): Promise<void>;
}

/** Carries out what was prepared. */
export async function done<Outcome>(prepared: Promise<Prepared<Outcome>>): Promise<Outcome> {
  const { outcome, perform } = await prepared;
  await perform();
  return outcome;
}

/** A dry run reached a port that changes something: a fault of this project. Nothing was changed. */
class WriteInDryRun extends Error {
  override readonly name = 'WriteInDryRun';
}

/** The same ports, of which none changes or sends anything. */
export function readOnly<P extends Ports>(ports: P): P {
  const refuse = (call: string) => () =>
    Promise.reject(new WriteInDryRun(`A dry run tried ${call}. Nothing was changed.`));
  const { admin } = ports;
  const store: Ports['store'] = {
    describe: (...args) => ports.store.describe(...args),
    listVersions: (...args) => ports.store.listVersions(...args),
    read: (...args) => ports.store.read(...args),
    list: (...args) => ports.store.list(...args),
    put: refuse('put'),
    moveLabel: refuse('moveLabel'),
    rotate: refuse('rotate'),
    tag: refuse('tag'),
    untag: refuse('untag'),
  };
  const board: Ports['board'] = {
    subscriptions: () => ports.board.subscriptions(),
    publish: refuse('publish'),
    publishReport: refuse('publishReport'),
    publishDigest: refuse('publishDigest'),
  };
  return {
    ...ports,
    store,
    board,
    bus: { emit: refuse('emit') },
    ...(admin && { admin: { ask: refuse('ask') } }),
  };
}
