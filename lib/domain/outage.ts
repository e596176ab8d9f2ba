import type { ListedKey } from './fleet';
import { checkPeriod } from './fleet-watch';
import { INCONCLUSIVE_AFTER } from './liveness-findings';
import type { Observation } from './observation';
import { DAY, elapsed } from './time';
import { currentOf, fingerprintOf } from './versions';

/** Keys without an answer from which on it may be one outage rather than several broken keys. */
const FEWEST = 3;

/** Whether the live key has been without an answer for long enough to be told, so that it matters how the others fare. */
export function isSilentForLong(o: Observation, now: Date): boolean {
  const current = currentOf(o);
  const { verdict } = o.memory;
  if (current?.verdict?.kind !== 'UNKNOWN' || verdict?.fingerprint !== fingerprintOf(current)) return false;
  return verdict?.unknownSince !== undefined && elapsed(verdict.unknownSince, now) > INCONCLUSIVE_AFTER;
}

/**
 * Whether most keys of an environment are without a conclusive answer, as last checked. By the measure of the alarm that tells it then, which is a
 * share of checks: a key that is checked more often weighs more.
 */
export function isOutage(keys: readonly Pick<ListedKey, 'memory' | 'policy'>[]): boolean {
  const checked = keys.filter(({ memory }) => memory.verdict);
  const silent = checked.filter(({ memory }) => memory.verdict?.unknownSince);
  return silent.length >= FEWEST && checksPerDay(silent) * 2 > checksPerDay(checked);
}

const checksPerDay = (keys: readonly Pick<ListedKey, 'policy'>[]) =>
  keys.reduce((sum, { policy }) => sum + DAY / checkPeriod(policy.checkEvery), 0);
