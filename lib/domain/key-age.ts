import { fingerprintOf, type KeyVersion, type Observation } from './secret';
import { DAY, plus } from './time';

/**
 * When the live key first appeared: the earliest of the Admin API's date, the one stated at adoption, and the creation of the versions that are
 * or were current with this value. Writing the same key again makes it no younger; LastChangedDate is never used. Undefined where no key is live.
 */
export function keyCreatedAt(o: Observation): Date | undefined {
  const live = fingerprintOf(o.live);
  if (live === undefined) return undefined;
  const dates = [
    ...o.versions.filter((v) => fingerprintOf(v) === live && wasCurrent(v)).map((v) => v.createdAt),
    ...o.inspections.flatMap((i) => (i.fingerprint === live && i.record ? i.record.createdAt : [])),
    ...(o.memory.record?.fingerprint === live ? [o.memory.record.createdAt] : []),
    ...(o.statedCreation?.fingerprint === live ? [o.statedCreation.createdAt] : []),
  ];
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}

/** When a key that appeared at `createdAt` reaches its maximum age. */
export const dueDate = (createdAt: Date, maxAgeDays: number) => plus(createdAt, maxAgeDays * DAY);

/** A version that only waits to be tested does not count towards age: its label goes once the key is live. */
const wasCurrent = (v: KeyVersion) =>
  v.current || v.previous || v.accepted || v.retire.length > 0 || (v.leaks.length > 0 && !v.submitted);
