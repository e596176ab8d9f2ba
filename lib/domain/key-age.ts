import type { Observation } from './observation';
import { DAY, plus } from './time';
import { currentOf, fingerprintOf } from './versions';

/**
 * When the live key first appeared: the earliest of what the Admin API says, what a human stated at adoption, and the creation of the
 * versions that are or were current with this value. Putting the same key in again makes it no younger; LastChangedDate is never asked.
 * Undefined where no key is live.
 */
export function keyCreatedAt(o: Observation): Date | undefined {
  const live = fingerprintOf(currentOf(o));
  if (live === undefined) return undefined;
  const dates = [
    ...o.versions.filter((v) => fingerprintOf(v) === live && wasCurrent(v)).map((v) => v.createdAt),
    ...o.inspections.flatMap((i) => (i.fingerprint === live && i.record ? i.record.createdAt : [])),
    ...(o.memory.record?.fingerprint === live ? [o.memory.record.createdAt] : []),
    ...(o.statedCreation?.fingerprint === live ? [o.statedCreation.createdAt] : []),
  ];
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}

/** When a key that appeared at `createdAt` has reached its highest age. */
export const dueDate = (createdAt: Date, maxAgeDays: number) => plus(createdAt, maxAgeDays * DAY);

/** A version that only waits to be tested says nothing of age: its label goes once the key is live. */
const wasCurrent = (v: Observation['versions'][number]) =>
  v.current || v.previous || v.accepted || v.retire.length > 0;
