import type { ListedKey } from './fleet';
import { ratePeriod } from './rate';
import { DAY, HOUR, plus } from './time';

/** How late a check may start before its key counts as unwatched: with the slowest schedule, a day, that makes 26 hours. */
const ALLOWANCE = 2 * HOUR;

/**
 * Since when a key goes without the check it should have had; undefined where it is watched. Memory keeps the UTC day of the last check, not its
 * time, so the clock starts at the end of that day: a watched key is never called unwatched. It has been checked again within its period and the
 * allowance; one checked hourly is found out at 03:00 UTC of the next day, one checked daily after 26 to 50 hours.
 */
export function unwatchedSince(
  { memory, createdAt, policy }: Pick<ListedKey, 'memory' | 'createdAt' | 'policy'>,
  now: Date,
): Date | undefined {
  const remembered = memory.checkedOn === undefined ? undefined : endOfDay(memory.checkedOn);
  // A day that has not come yet was written by nobody's check.
  const checked = remembered && remembered <= plus(now, DAY) ? remembered : undefined;
  const expected =
    checked === undefined
      ? plus(createdAt, DAY + ALLOWANCE)
      : plus(checked, checkPeriod(policy.checkEvery) + ALLOWANCE);
  return now > expected ? expected : undefined;
}

/** An unreadable day is no memory of a check, but a key that has one was once checked. */
function endOfDay(day: string): Date | undefined {
  const start = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(start.getTime()) ? undefined : plus(start, DAY);
}

/** The longest time between two checks; a cron expression may mean any hour of the day. */
export function checkPeriod(checkEvery: string): number {
  return Math.min(ratePeriod(checkEvery) ?? DAY, DAY);
}
