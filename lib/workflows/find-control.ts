import type { ManagedSecret } from '../contract/read-secret';
import { type ApiKey, readStored } from '../domain/key';
import type { ProbeKind, Verdict } from '../domain/probe/verdict';
import { isRefused } from '../domain/probe/vote';
import { fingerprintOf, type Observation } from '../domain/secret';
import { fetchListing, type Keys } from './fetch-secret';
import type { Ports } from './ports';

/** One key to probe. With `confirm` false no minute is spent on a second 401, and the answer is UNKNOWN instead of DEAD. */
export interface KeyQuestion {
  readonly key: ApiKey;
  readonly probe: ProbeKind;
  readonly confirm?: boolean;
}

export type Ask = (question: KeyQuestion) => Promise<Verdict>;

/** Where another key may be found whose ALIVE answer shows that a refusal is about the refused key. */
export interface ControlSource {
  /** Keys of the same secret. */
  readonly own: readonly ApiKey[];
  /** A few live keys of other secrets of the environment, read only where the own ones don't help. */
  others(): Promise<readonly ApiKey[]>;
}

/** The keys that are ALIVE beside the votes of one round, and how many others were refused, too, where they were looked for. */
export interface Control {
  readonly known: readonly KeyQuestion[];
  readonly refusedElsewhere: number;
}

/** Keys of other secrets that are probed at most, and how many in parallel. */
const MOST_OTHERS = 6;
const BATCH_SIZE = 3;

/** A key that is ALIVE in the same round. One that was answered in both ways is no control. */
export function aliveBeside(questions: readonly KeyQuestion[], answers: readonly Verdict[]): Control {
  const refused = questions.filter((_, i) => isRefused(answers[i]!)).map(({ key }) => key.fingerprint);
  const alive = questions.filter(
    ({ key }, i) => answers[i]!.kind === 'ALIVE' && !refused.includes(key.fingerprint),
  );
  return { known: alive.slice(0, 1), refusedElsewhere: 0 };
}

/** Asks the controls of the round before again. */
export async function stillAlive({ known, refusedElsewhere }: Control, ask: Ask): Promise<Control> {
  const answers = await Promise.all(known.map(ask));
  return { known: known.filter((_, i) => answers[i]!.kind === 'ALIVE'), refusedElsewhere };
}

/** Asks further keys until one is ALIVE: first those of the same secret, then those of others. */
export async function findControl(
  questions: readonly KeyQuestion[],
  source: ControlSource | undefined,
  ask: Ask,
): Promise<Control> {
  const asked = new Set(questions.map(({ key }) => key.fingerprint));
  const further = (keys: readonly ApiKey[]) =>
    keys.filter(({ fingerprint }) => !asked.has(fingerprint)).map(asControl);
  const own = further(source?.own ?? []);
  const found = aliveBeside(own, await Promise.all(own.map(ask)));
  if (found.known.length > 0 || !source) return found;
  const others = further(await source.others());
  let refusedElsewhere = 0;
  for (let i = 0; i < others.length; i += BATCH_SIZE) {
    const batch = others.slice(i, i + BATCH_SIZE);
    const answers = await Promise.all(batch.map(ask));
    refusedElsewhere += answers.filter(isRefused).length;
    const { known } = aliveBeside(batch, answers);
    if (known.length > 0) return { known, refusedElsewhere };
  }
  return { known: [], refusedElsewhere };
}

/** By a message, not a count of tokens: behind a proxy that strips headers, only a message shows that it is Anthropic's. */
const asControl = (key: ApiKey): KeyQuestion => ({ key, probe: 'messages' });

/** The controls of a secret: its live, accepted and retiring keys, then live keys of the environment, those first that answered last. */
export function controlsFor(o: Observation, keys: Keys, ports: Pick<Ports, 'store' | 'log'>): ControlSource {
  const versions = [o.live, o.accepted, ...o.retiring.map(({ version }) => version)];
  return {
    own: versions.flatMap((version) => (version && keys.get(version.id)) ?? []),
    others: () => keysElsewhere(o, ports),
  };
}

async function keysElsewhere(o: Observation, { store, log }: Pick<Ports, 'store' | 'log'>) {
  const { environment, secretArn } = o.key;
  const ours = new Set(o.versions.map(fingerprintOf));
  try {
    const { listed } = await fetchListing(store, environment);
    const likely = listed
      .filter(({ key }) => key.secretArn !== secretArn)
      .filter(({ memory }) => memory.verdict && !ours.has(memory.verdict.fingerprint))
      .toSorted((a, b) => doubt(a) - doubt(b))
      .slice(0, MOST_OTHERS);
    const found = await Promise.all(
      likely.map(async ({ key }) => {
        const stored = await store.read(key.secretArn).catch(() => undefined);
        return (stored && readStored(stored.value).key) ?? [];
      }),
    );
    return found.flat();
  } catch (error) {
    log.warn('No other key was asked', { secret: o.key.secretName, error: String(error) });
    return [];
  }
}

/** How unlikely a listed key is to be ALIVE. */
const doubt = ({ memory: { verdict } }: ManagedSecret) =>
  (verdict?.kind === 'ALIVE' ? 0 : 2) + (verdict?.unknownSince ? 1 : 0);
