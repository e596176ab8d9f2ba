import { MINUTE } from '../time';
import { enumerated } from '../wording/text';

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
  const listed = reminders.length === 1 ? number(reminders[0]!) : enumerated(reminders.map(String));
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

/** Who has a reminder. One message on the topic serves people and the topic's machines; the bus gets an event. */
export interface Holders {
  /** A mailbox that should have it got it, and the topic's machines with it. */
  readonly people: boolean;
  /** No queue, function or web address of the topic is left without it. */
  readonly topic: boolean;
  /** The bus took its event. */
  readonly bus: boolean;
}

const NOBODY: Holders = { people: false, topic: false, bus: false };

/**
 * What follows a remembered reminder that somebody is still to get: the others got it. An earlier release knows the empty one and `+`. It takes the
 * rest for another reminder, and sends that once more.
 */
const MARKS: readonly (readonly [mark: string, holders: Holders])[] = [
  ['', { people: true, topic: true, bus: true }],
  ['+', { people: false, topic: true, bus: true }],
  ['+e', { people: false, topic: false, bus: true }],
  ['+p', { people: true, topic: true, bus: false }],
  ['+t', { people: false, topic: true, bus: false }],
];

/** Who has this reminder, as it is remembered. */
export const holdersOf = (remembered: string | undefined, reminder: string): Holders =>
  MARKS.find(([mark]) => remembered === reminder + mark)?.[1] ?? NOBODY;

/** How a reminder is remembered: `14`, or `14+p` while only the bus is to get it. Undefined where nobody has it. */
export function rememberedAs(reminder: string, holders: Holders): string | undefined {
  const found = MARKS.find(
    ([, { people, topic, bus }]) =>
      people === holders.people && topic === (holders.topic || holders.people) && bus === holders.bus,
  );
  return found && reminder + found[0];
}

/** Whether people have this reminder: then what waited for them may be done. */
export const peopleHave = (remembered: string | undefined, reminder: string) =>
  holdersOf(remembered, reminder).people;

/** Whether only the event of what people have is still to be sent. */
export const lacksEvent = (remembered: string) => remembered.endsWith('+p');

/** What the end of a finding, which has no reminder, is remembered by until everybody has it. */
export const OVER = 'over';

/** Who needs not be told of an end, as the finding is remembered: what only the bus heard of is over for the bus alone. */
export const holdersOfEnd = (remembered: string | undefined): Holders =>
  remembered?.endsWith('+e') && isOngoing(remembered)
    ? { people: true, topic: true, bus: false }
    : holdersOf(remembered, OVER);

/** Whether a finding is remembered as one that lasts. */
export const isOngoing = (remembered: string | undefined) =>
  remembered !== undefined && reminderIn(remembered) !== OVER;

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
export const reminderIn = (remembered: string) => remembered.replace(/\+[ept]?$/, '');
