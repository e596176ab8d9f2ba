import { z } from 'zod';
import { type ProofName, QUESTIONS, type QuestionId, questionsOf } from './questions';

const evidence = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(z.number())]),
);

const outcome = z.discriminatedUnion('settled', [
  z.strictObject({ settled: z.literal('yes'), answer: z.string(), evidence }),
  /** `no`: it was looked at, and is as open as before. `skipped`: nobody looked. */
  z.strictObject({ settled: z.enum(['no', 'skipped']), why: z.string(), evidence: evidence.optional() }),
]);

/** What a proof found out, as it is kept in a file. */
export const proofDocument = z.strictObject({
  schema: z.literal('anthropic-key-rotation/proof/1'),
  proof: z.enum(['prove:anthropic', 'prove:aws']),
  /** Who answered: a host, with its port where that is not the usual one. */
  hosts: z.array(z.string()),
  date: z.iso.datetime(),
  release: z.string(),
  sdk: z.string(),
  interrupted: z.boolean(),
  questions: z.record(z.string(), outcome),
});

export type ProofDocument = z.infer<typeof proofDocument>;
export type Outcome = z.infer<typeof outcome>;
export type Evidence = z.infer<typeof evidence>;

export interface ProofOptions {
  readonly proof: ProofName;
  readonly date: Date;
  readonly release: string;
  /** Name and version of the SDK that asked. */
  readonly sdk: string;
  /** Aborts when somebody presses Ctrl-C. */
  readonly stop: AbortSignal;
}

/** Somebody pressed Ctrl-C. */
class Interrupted extends Error {}

/** A step looked and could not tell. Its message may stand in the file. */
export class StillOpen extends Error {}

/** Notes what is found out, so that whatever ends the sitting, the rest of it is kept. */
export class Proof {
  readonly #outcomes = new Map<QuestionId, Outcome>();
  readonly #hosts = new Set<string>();
  #interrupted = false;

  /** Rejects with `Interrupted` at Ctrl-C, and never ends otherwise. */
  readonly stopped: Promise<never>;

  constructor(private readonly options: ProofOptions) {
    const { stop } = options;
    this.stopped = new Promise((_, reject) =>
      stop.addEventListener('abort', () => reject(new Interrupted()), { once: true }),
    );
    this.stopped.catch(() => {});
  }

  answeredBy(host: string): void {
    this.#hosts.add(host);
  }

  settle(id: QuestionId, answer: string, seen: Evidence = {}): void {
    this.#note(id, { settled: 'yes', answer, evidence: seen });
  }

  /** It was looked at, and is as open as before. */
  leave(ids: QuestionId | readonly QuestionId[], why: string, seen?: Evidence): void {
    for (const id of [ids].flat()) this.#note(id, { settled: 'no', why, ...(seen && { evidence: seen }) });
  }

  /** Nobody looked. */
  skip(ids: readonly QuestionId[], why: string): void {
    for (const id of ids) this.#note(id, { settled: 'skipped', why });
  }

  /** Looks at something. What fails leaves its questions open, and the sitting goes on. @throws Interrupted */
  async attempt(ids: readonly QuestionId[], look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (isInterruption(error)) throw error;
      this.failed(ids, error);
    }
    if (!this.options.stop.aborted) return;
    // What gave up then did so because of Ctrl-C.
    for (const id of ids) if (this.#outcomes.get(id)?.settled === 'no') this.#outcomes.delete(id);
    throw new Interrupted();
  }

  /** Leaves open what was not noted before something failed. */
  failed(ids: readonly QuestionId[], error: unknown): void {
    const name = error instanceof Error ? error.name : 'something that is no error';
    const why = error instanceof StillOpen ? error.message : `it failed of ${name}`;
    this.leave(
      ids.filter((id) => !this.#outcomes.has(id)),
      why,
    );
  }

  /** Does all of a sitting. Ctrl-C ends it, and what was settled until then stays. */
  async sitting(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isInterruption(error)) throw error;
      this.#interrupted = true;
    }
  }

  outcomeOf(id: QuestionId): Outcome {
    const { needs } = QUESTIONS[id] as { needs?: string };
    const why = this.#interrupted
      ? 'the sitting was interrupted before'
      : needs
        ? `it takes ${needs}`
        : 'nothing came to it';
    return this.#outcomes.get(id) ?? { settled: 'skipped', why };
  }

  document(): ProofDocument {
    const { date, stop: _, ...options } = this.options;
    return {
      schema: 'anthropic-key-rotation/proof/1',
      ...options,
      hosts: [...this.#hosts].sort(),
      date: date.toISOString(),
      interrupted: this.#interrupted,
      questions: Object.fromEntries(
        questionsOf(options.proof).map((id) => [id, harmless(this.outcomeOf(id))]),
      ),
    };
  }

  #note(id: QuestionId, outcome: Outcome): void {
    if (QUESTIONS[id].by !== this.options.proof)
      throw new Error(`${id} is not for ${this.options.proof} to settle.`);
    this.#outcomes.set(id, outcome);
  }
}

/** What Ctrl-C becomes: here, in a hidden prompt, and in a question of Node's. */
export const isInterruption = (error: unknown) =>
  error instanceof Interrupted ||
  (error instanceof Error && ['ExitPromptError', 'AbortError'].includes(error.name));

/** Keys, addresses, ids and account numbers. Steps put only statuses, names of types and durations into a file: this holds them to it. */
const PRIVATE =
  /sk-ant-|@|\b\d{1,3}(\.\d{1,3}){3}\b|\b\d{12}\b|\b(?:apikey|user|svac|wrkspc|activity|fdrl|fdis|org|req|msg)_(?=\w*[\dA-Z])\w{6,}|[\da-f]{8}-[\da-f]{4}-|arn:/;

/** The outcome, unless something is in it that no file may hold. */
function harmless(outcome: Outcome): Outcome {
  if (!PRIVATE.test(JSON.stringify(outcome))) return outcome;
  return { settled: 'no', why: 'what was seen held something that may stand in no file: please report this' };
}

/** One line for each question of a proof. */
export function renderProof({ questions }: ProofDocument): string {
  const width = Math.max(...Object.keys(questions).map((id) => id.length)) + 2;
  return Object.entries(questions)
    .map(([id, outcome]) => {
      const told = outcome.settled === 'yes' ? outcome.answer : `${WORDS[outcome.settled]}: ${outcome.why}`;
      return `  ${id.padEnd(width)}${told}`;
    })
    .join('\n');
}

const WORDS = { no: 'still open', skipped: 'not looked at' } as const;
