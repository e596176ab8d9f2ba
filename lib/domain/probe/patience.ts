import { isPassing } from './classify';
import type { Verdict } from './verdict';

/** How often one probe asks at most. */
const MOST_ATTEMPTS = 4;
/** Milliseconds before the second attempt. Later waits double. */
const FIRST_WAIT = 1_000;
/** Milliseconds. If the server asks for a longer pause, the next check tries again. */
const LONGEST_WAIT = 10_000;

/** What came of an attempt. */
export interface Attempt {
  /** Its number, from 1. */
  readonly attempt: number;
  readonly verdict: Verdict;
  /** The header of that name. @default none */
  readonly retryAfter?: string;
  /** Milliseconds until the probe must have ended. */
  readonly left: number;
  /** From 0 to 1: spreads the retries of many functions. */
  readonly random: number;
}

/** Milliseconds until a key is asked again: with jitter, or longer if the server asks for it. Undefined if this verdict is the last word. */
export function pauseAfter({ attempt, verdict, retryAfter, left, random }: Attempt): number | undefined {
  const wait = FIRST_WAIT * 2 ** (attempt - 1);
  const asked = Number(retryAfter) * 1_000;
  const pause = Math.max(Number.isFinite(asked) ? asked : 0, wait * (0.5 + random / 2));
  const worthwhile = isPassing(verdict) && attempt < MOST_ATTEMPTS && pause <= LONGEST_WAIT;
  return worthwhile && pause < left ? pause : undefined;
}
