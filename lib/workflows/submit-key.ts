import { holderOf, LABEL, MOST_RETIRING, retiringIn, toStageMove } from '../contract/labels';
import type { ApiKey } from '../domain/key';
import { beginningOf } from '../domain/key';
import { graceFrom } from '../domain/secret';
import { IllegalTransition, StoreError } from './errors';
import type { OperatorStore } from './operator-ports';
import type { World } from './ports';

/** No more than an operator's own credentials allow: nothing stored is read. */
type Desk = Pick<World, 'clock' | 'newToken'> & { readonly store: OperatorStore };

/** Where a submission stands. `token` is its version id: the same one again changes nothing. */
export interface Submission {
  readonly token: string;
  readonly rotation: 'started' | 'already-running';
}

/**
 * Puts a key under SUBMITTED and starts the rotation that tests and promotes it. The live key is not touched. Refused while another
 * submission waits, unless it is to be replaced: the displaced key is then pinned, so that it is not forgotten alive.
 */
export async function submitKey(
  secretId: string,
  key: ApiKey,
  options: { token: string; replace?: boolean },
  world: Desk,
): Promise<Submission> {
  const { store } = world;
  const secret = await store.describe(secretId);
  const waiting = holderOf(secret.stages, LABEL.submitted);
  const displaced = waiting === options.token ? undefined : waiting;
  if (displaced !== undefined && !options.replace)
    throw new IllegalTransition(
      'another-submission-waits',
      `Another key was submitted for ${secret.name} and waits to be tested (version ${beginningOf(displaced)}). Let it finish, or replace it.`,
    );
  const retiring = retiringIn(secret.stages);
  if (retiring.length >= MOST_RETIRING)
    throw new IllegalTransition(
      'too-many-retiring',
      `${retiring.length} superseded keys wait for their end, and AWS allows 20 labels per secret. Switch the old keys off first.`,
    );
  await store.put(secret.arn, { token: options.token, value: key.reveal(), labels: [LABEL.submitted] });
  // Where this is never reached, the next check finds the displaced key without a label and pins it.
  if (displaced !== undefined)
    await store.moveLabel(
      secret.arn,
      toStageMove({ do: 'pin', versionId: displaced, until: graceFrom(world.clock.now(), 0) }),
    );
  return { token: options.token, rotation: await startRotation(secret.arn, world) };
}

async function startRotation(arn: string, { store, newToken }: Desk): Promise<Submission['rotation']> {
  try {
    await store.rotate(arn, newToken());
    return 'started';
  } catch (error) {
    if (error instanceof StoreError && error.failure === 'not-now') return 'already-running';
    throw error;
  }
}
