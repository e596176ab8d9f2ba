import { MINUTE } from '../time';

/** When a finding is reported while it lasts: on these days after its start, then every `every` days; 0 ends it. */
export interface Repeat {
  readonly days: readonly number[];
  readonly every: number;
}

export const ONCE: Repeat = { days: [0], every: 0 };
export const DAILY: Repeat = { days: [0], every: 1 };
export const PATIENT: Repeat = { days: [0, 3], every: 7 };
export const URGENT: Repeat = { days: [0, 1, 2], every: 7 };

/** The first reminder of every finding. */
export const FIRST = '0';

/** Remembered in place of a reminder: an alarm has counted that the finding began, and people have not been told of it yet. */
export const BEGUN = 'new';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** Completes "This mail repeats …": `every day for three days, then every week`. */
export function repeatInWords({ days, every }: Repeat): string {
  const number = (days: number) => NUMBERS[days] ?? String(days);
  const period = every === 1 ? 'every day' : every === 7 ? 'every week' : `every ${number(every)} days`;
  const reminders = days.slice(1);
  if (reminders.length === 0) return every === 0 ? 'once' : period;
  const daily = reminders.length > 1 && days.every((day, index) => day === index);
  const listed =
    reminders.length === 1
      ? number(reminders[0]!)
      : new Intl.ListFormat('en-GB').format(reminders.map(String));
  const first = daily
    ? `every day for ${number(days.length)} days`
    : `after ${listed} day${listed === 'one' ? '' : 's'}`;
  return every === 0 ? first : `${first}, then ${period}`;
}

/** The reminder that is due this many days after a finding began, named by its day. */
export function reminderAfter({ days, every }: Repeat, elapsedDays: number): string {
  const last = days.at(-1)!;
  if (elapsedDays < last || every === 0) return String(days.findLast((day) => day <= elapsedDays) ?? days[0]);
  return String(last + Math.floor((elapsedDays - last) / every) * every);
}

/** The reminder of a countdown: the smallest announced number of days that is not yet past; undefined before the first. */
export function countdown(announced: readonly number[], daysLeft: number): string | undefined {
  const reached = announced.filter((days) => daysLeft <= days);
  return reached.length === 0 ? undefined : String(Math.min(...reached));
}

/**
 * How a reminder is remembered that machines got while no mailbox that should have it was confirmed: for people it is still due. An earlier
 * release takes it for another reminder, and sends it again.
 */
export const forMachinesOnly = (reminder: string) => `${reminder}+`;

/** What the end of a finding, which has no reminder, is remembered by while only machines got it. */
export const OVER = 'over';

/** Whether a finding is remembered as one that lasts. */
export const isOngoing = (remembered: string | undefined) =>
  remembered !== undefined && remembered !== forMachinesOnly(OVER);

/**
 * How a reminder is remembered that waits for the daily digest, with the minute since when: `14@hsvxx`, counted from 1970 in base 36. An earlier
 * release takes it for another reminder, and sends it at once.
 */
export const waitingSince = (reminder: string, since: Date) =>
  `${reminder}@${Math.floor(since.getTime() / MINUTE).toString(36)}`;

/** A reminder that nobody got yet. */
export interface Waiting {
  readonly reminder: string;
  readonly since: Date;
}

/** The waiting reminder that is remembered; undefined where none waits. */
export function readWaiting(remembered: string | undefined): Waiting | undefined {
  const [, reminder, minutes] = /^([^@]+)@([0-9a-z]{1,6})$/.exec(remembered ?? '') ?? [];
  if (!reminder || !minutes) return undefined;
  return { reminder, since: new Date(Number.parseInt(minutes, 36) * MINUTE) };
}

/** Whether a remembered reminder was sent to anybody: else the finding was only counted, or waits for the digest. */
export const isSaid = (remembered: string) => remembered !== BEGUN && readWaiting(remembered) === undefined;

/** The reminder that is remembered, whoever got it. */
export const reminderIn = (remembered: string) => remembered.replace(/\+$/, '');
