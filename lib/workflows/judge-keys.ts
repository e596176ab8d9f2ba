import type { ApiKey } from '../domain/key';
import { advise } from '../domain/probe/outcomes';
import type { ProbeKind, Verdict } from '../domain/probe/verdict';
import { MINUTE } from '../domain/time';
import type { Ports } from './ports';

/** One key to probe. With `confirm` false no minute is spent on a second 401, and the answer is UNKNOWN instead of DEAD. */
export interface KeyQuestion {
  readonly key: ApiKey;
  readonly probe: ProbeKind;
  readonly confirm?: boolean;
}

/** Milliseconds for one probe with its own retries. */
const WITHIN = 25_000;

/** Milliseconds kept for label moves, notices and memory. */
const RESERVE = 30_000;

/**
 * Probes keys and confirms deaths: DEAD takes two 401s at least 60 s apart, because Anthropic may not know a new key at once. All keys of a run
 * share one wait. Without time for it the answer is UNKNOWN.
 */
export async function judgeKeys(
  questions: readonly KeyQuestion[],
  model: string | undefined,
  ports: Pick<Ports, 'probe' | 'clock' | 'remaining'>,
): Promise<readonly Verdict[]> {
  const ask = ({ key, probe }: KeyQuestion) => ports.probe.probe(key, { probe, model, within: WITHIN });
  const first = await Promise.all(questions.map(ask));
  const doubtful = (index: number) => first[index]!.kind === 'DEAD';
  const toConfirm = questions.filter((question, index) => doubtful(index) && question.confirm !== false);
  const inTime = ports.remaining() > MINUTE + WITHIN + RESERVE;
  if (toConfirm.length > 0 && inTime) await ports.clock.sleep(MINUTE);
  return Promise.all(
    questions.map((question, index) => {
      if (!doubtful(index)) return first[index]!;
      return question.confirm !== false && inTime ? ask(question) : unconfirmed(first[index]!);
    }),
  );
}

const unconfirmed = ({ evidence }: Verdict): Verdict => ({
  kind: 'UNKNOWN',
  reason: 'unconfirmed-401',
  evidence,
  advice: advise('unconfirmed-401'),
});
