import type { FleetRow } from './fleet';
import type { FleetRow as MailedRow } from './notices';

/** Days of the week as JavaScript counts them, in UTC. */
const MONDAY = 1;

/**
 * Whether the report is mailed by itself now. It has no secret of its own to remember a mail on, so the calendar decides: the function runs once a day,
 * and Monday is one day a week. A run that is repeated on a Monday, after a failure or a double delivery, mails again under the same id.
 */
export const isReportDay = (now: Date) => now.getUTCDay() === MONDAY;

/** More keys than this unwatched at once, or more than half, is one broken watcher and not so many broken keys. */
const MOST_TOLD_SINGLY = 20;
const FEW = 3;

/** Whether the watcher itself is down: then the alarms say so once, and no mail per key does. */
export const watcherIsDown = (unwatched: number, all: number) =>
  unwatched > MOST_TOLD_SINGLY || (unwatched > FEW && unwatched * 2 > all);

/** A row as the mail shows it: a key of unknown age is told of by what else is true of it. */
export const mailed = (row: FleetRow): MailedRow => ({
  ...row,
  phase: row.phase === 'unknown' ? 'fresh' : row.phase,
});
