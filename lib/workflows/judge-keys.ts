import type { Home, Verdict } from '../domain/probe/verdict';
import { concludeFrom, isRefused, unconfirmed, type Vote } from '../domain/probe/vote';
import { MINUTE } from '../domain/time';
import {
  type Ask,
  aliveBeside,
  type Control,
  type ControlSource,
  findControl,
  type KeyQuestion,
  stillAlive,
} from './find-control';
import type { Ports } from './ports';

export interface Circumstances {
  readonly model?: string;
  /** Where the keys must live, as far as it is known. */
  readonly home?: Home;
  /** @default none: nothing can be proven dead unless another of the questions is answered ALIVE */
  readonly controls?: ControlSource;
  /** Milliseconds for which a refused key is asked again, each minute. @default one minute, so once */
  readonly patience?: number;
}

export interface Judged {
  /** In the order of the questions. */
  readonly verdicts: readonly Verdict[];
  /** Live keys of other secrets that were found refused as well, while a control was looked for. */
  readonly refusedElsewhere: number;
}

type Asking = Pick<Ports, 'probe' | 'clock' | 'remaining'>;

/** How long a refused key is asked again that has just come: Anthropic may know a new key everywhere only after minutes. */
export const PATIENCE_WITH_NEW_KEYS = 8 * MINUTE;

/** Milliseconds for one probe with its own retries. */
export const WITHIN = 25_000;

/** Milliseconds kept for label moves, notices and memory. */
const RESERVE = 30_000;

/**
 * Probes keys and proves deaths: DEAD takes two refusals with different request ids at least 60 s apart, each beside another key that is ALIVE
 * through the same client (docs/adr/0013). All keys of a run share the waits and the controls, which cost nothing while no key is refused.
 * Without time for it the answer is UNKNOWN.
 */
export async function judgeKeys(
  questions: readonly KeyQuestion[],
  circumstances: Circumstances,
  ports: Asking,
): Promise<Judged> {
  const { patience = MINUTE } = circumstances;
  const ask = asker(circumstances, ports);
  const first = await Promise.all(questions.map(ask));
  const verdicts = first.map(unconfirmed);
  let open = questions.flatMap((question, index) =>
    isRefused(first[index]!) && question.confirm !== false ? [{ question, index, last: first[index]! }] : [],
  );
  if (open.length === 0) return { verdicts, refusedElsewhere: 0 };
  const seek = () => findControl(questions, circumstances.controls, ask);
  let control = aliveBeside(questions, first);
  if (control.known.length === 0 && inTime(ports)) control = await seek();
  for (let left = patience; left >= MINUTE && open.length > 0; left -= MINUTE) {
    if (!inTime(ports)) return { verdicts, refusedElsewhere: control.refusedElsewhere };
    await ports.clock.sleep(MINUTE);
    const isLast = left < 2 * MINUTE;
    const [answers, beside] = await Promise.all([
      Promise.all(open.map(({ question }) => ask(question))),
      stillAlive(control, ask),
    ]);
    // A control that is found in the last round was not beside the vote before it.
    const found = beside.known.length === 0 && !isLast ? await seek() : beside;
    const votes = open.map((each, i) => ({ ...each, answer: answers[i]! }));
    for (const { index, last, answer } of votes) {
      if (!isRefused(answer)) verdicts[index] = answer;
      else if (isLast) verdicts[index] = concludeFrom(voteOf(last, control), voteOf(answer, found));
    }
    open = votes.flatMap(({ answer, ...each }) => (isRefused(answer) ? [{ ...each, last: answer }] : []));
    control = found;
  }
  return { verdicts, refusedElsewhere: control.refusedElsewhere };
}

const voteOf = (verdict: Verdict, { known }: Control): Vote => ({ verdict, controlled: known.length > 0 });

const inTime = ({ remaining }: Asking) => remaining() > MINUTE + WITHIN + RESERVE;

const asker =
  ({ model, home }: Circumstances, ports: Asking): Ask =>
  ({ key, probe }) =>
    ports.probe.probe(key, { probe, model, home, within: WITHIN });
