import type { ListedKey } from '../listed-key';
import { elapsed, HOUR } from '../time';
import { type AnyKind, type Finding, isQuieted, rowNamed, rowOf } from './catalogue';
import { readFindingId } from './finding';
import { readWaiting, reminderIn } from './repeat';

/** How long a check leaves a reminder to the daily digest: until the next one has certainly come, had it been sent. */
const DIGEST_WITHIN = 26 * HOUR;

/**
 * Since when a due reminder waits for the digest; undefined where it is to be sent at once: because its kind or its date does not allow it to wait,
 * because it waited for too long, or because somebody has it already and it is late for the others.
 */
export function digestedSince(finding: Finding, remembered: string | undefined, now: Date): Date | undefined {
  const { kind, details, reminder } = finding;
  const { digest } = rowOf(kind);
  if (!digest?.waits(details as never) || reminderIn(remembered ?? '') === reminder) return undefined;
  const known = readWaiting(remembered)?.since;
  // An earlier reminder that nobody got yet counts: else each new one would start again.
  const since = known && known < now ? known : now;
  return elapsed(since, now) < DIGEST_WITHIN ? since : undefined;
}

/** A finding whose reminder waits for the digest, and how that is remembered. */
export interface DigestedFinding {
  readonly finding: Finding;
  readonly remembered: string;
}

/**
 * The reminders of a key that the last check left to the digest. Whether each is due was decided there; here it only has to be still in time, and not
 * quieted since.
 */
export function digestedIn(listed: ListedKey, now: Date): readonly DigestedFinding[] {
  const { notices, snooze } = listed.memory;
  const snoozed = snooze !== undefined && now < snooze.until;
  return Object.entries(notices).flatMap(([id, remembered]) => {
    const waiting = readWaiting(remembered);
    const { kind: name, about } = readFindingId(id);
    const row: AnyKind | undefined = rowNamed(name);
    const details = row?.digest?.details(listed, now);
    if (!waiting || !row || details === undefined) return [];
    if (isQuieted(row.kind, snoozed) || !row.digest?.waits(details as never)) return [];
    const finding = row.find(details as never, { about, reminder: waiting.reminder }) as Finding;
    return [{ finding, remembered }];
  });
}
