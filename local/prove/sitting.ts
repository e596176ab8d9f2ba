import type { Clock } from '../../lib/workflows/ports';
import type { Exchanges } from './exchanges';
import type { Proof } from './proof';

/** The person who runs the proof. */
export interface Prover {
  /** Asks without showing what is typed. */
  hidden(question: string): Promise<string>;
  /** Waits for a line, mostly an empty one. */
  line(question: string): Promise<string>;
  say(line: string): void;
}

/** One sitting: a person, the clock, and what was seen so far. */
export interface Sitting {
  readonly prover: Prover;
  readonly proof: Proof;
  readonly exchanges: Exchanges;
  readonly baseURL: string;
  /** Sleeping ends with Ctrl-C. */
  readonly clock: Clock;
}

/** A clock on which whoever sleeps is woken by Ctrl-C, with `Interrupted`. */
export const interruptible = (clock: Clock, { stopped }: Proof): Clock => ({
  now: () => clock.now(),
  sleep: (milliseconds) => Promise.race([stopped, clock.sleep(milliseconds)]),
});

/** Asks every few seconds until there is an answer. Undefined if time ran out before. */
export async function poll<T>(
  { clock }: Sitting,
  { every, until }: { readonly every: number; readonly until: number },
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (clock.now().getTime() + every > until) return undefined;
    await clock.sleep(every);
  }
}

export const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
