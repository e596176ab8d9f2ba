import { DAY, plus } from '../time';
import type { Unread } from './activity';

/** A stretch of time, and the keys that were used within it and not after it. */
export interface UseStretch {
  readonly from: Date;
  readonly to: Date;
  /** Ids of their records. */
  readonly used: readonly string[];
}

/** When the keys of an organization were used last, from usage reports about all of them. */
export type LastUses =
  | {
      readonly kind: 'read';
      /** How far back was looked. */
      readonly from: Date;
      /** Until when the reports are complete. */
      readonly until: Date;
      /** The latest first, without gaps. */
      readonly stretches: readonly UseStretch[];
    }
  | Unread;

/** Days before today at which a stretch begins. */
const STEPS = [0, 1, 7, 14, 30, 60, 90];

/** Days of the longest report. */
const MOST_DAYS = 31;

/** Anthropic has no usage of earlier days. */
const FIRST_DAY = new Date('2026-01-01T00:00:00Z');

/**
 * The stretches of time to ask for, the latest first. A report about a stretch has one row for each key that was used in it, so that the cost
 * depends on the number of keys and not on how much they are used. Today and yesterday are told apart, earlier days are not. One stretch ends where a key
 * begins to count as idle.
 */
export function stretchesToAsk(now: Date, idleDays: number): readonly Omit<UseStretch, 'used'>[] {
  const today = new Date(Math.floor(now.getTime() / DAY) * DAY);
  const starts = [...new Set([...STEPS, idleDays])].sort((a, b) => a - b);
  let to = now;
  return starts.flatMap((days) => {
    const parts: { from: Date; to: Date }[] = [];
    const start = plus(today, -days * DAY);
    while (to > start && to > FIRST_DAY) {
      const from = new Date(Math.max(start.getTime(), to.getTime() - MOST_DAYS * DAY, FIRST_DAY.getTime()));
      parts.push({ from, to });
      to = from;
    }
    return parts;
  });
}

/** When a key was used last, as far as is known. `none` is no more than what was looked at; `unknown` is never read as either. */
export type LastUse =
  /** On one of the days from `from` to `to`, the second excluded. */
  | { readonly kind: 'used'; readonly from: Date; readonly to: Date }
  | {
      readonly kind: 'none';
      /** Not since then. */
      readonly since: Date;
      /** It did not exist before. */
      readonly everSince: boolean;
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** Reports that end earlier say of no key that it was not used. */
const FRESH_ENOUGH = 2 * DAY;

/** Reads the last use of any key of the organization. */
export function lastUseIn(
  uses: LastUses,
  now: Date,
): (key: { readonly id: string; readonly createdAt: Date }) => LastUse {
  if (uses.kind === 'unread') return () => ({ kind: 'unknown', why: uses.words });
  const latest = new Map<string, UseStretch>();
  for (const stretch of uses.stretches)
    for (const id of stretch.used) if (!latest.has(id)) latest.set(id, stretch);
  const isOld = now.getTime() - uses.until.getTime() > FRESH_ENOUGH;
  return ({ id, createdAt }) => {
    const stretch = latest.get(id);
    if (stretch) return { kind: 'used', from: laterOf(stretch.from, createdAt), to: stretch.to };
    if (isOld || createdAt >= uses.until)
      return { kind: 'unknown', why: `The usage report ends at ${uses.until.toISOString()}.` };
    return { kind: 'none', since: laterOf(uses.from, createdAt), everSince: createdAt >= uses.from };
  };
}

/** A use cannot be earlier than its key. */
const laterOf = (one: Date, other: Date) => (other > one ? other : one);
