import type { WorkingHours } from '../domain/policy';

// A tag value holds no brackets, commas or asterisks. These stand in for what a cron expression needs.
const STAND_IN: Readonly<Record<string, string>> = { '*': '@', '?': '.', ',': ':', '#': '=' };
const STANDS_FOR = Object.fromEntries(Object.entries(STAND_IN).map(([sign, standIn]) => [standIn, sign]));

const SCHEDULE = /^(rate|cron)\(([^()]+)\)$/;

/** A schedule expression as a tag value: `rate(1 hour)` is `rate 1 hour`. */
export function encodeSchedule(expression: string): string {
  const match = SCHEDULE.exec(expression);
  if (!match) throw new RangeError(`${JSON.stringify(expression)} is neither rate(…) nor cron(…)`);
  return `${match[1]} ${match[2]!.replace(/[*?,#]/g, (sign) => STAND_IN[sign]!)}`;
}

/** The schedule expression of a tag value; undefined where it is none. */
export function decodeSchedule(value: string): string | undefined {
  const match = /^(rate|cron) (\S.*)$/.exec(value);
  if (!match) return undefined;
  const inner = match[2]!.replace(/[@.:=]/g, (standIn) => STANDS_FOR[standIn]!);
  return `${match[1]}(${inner})`;
}

/** Working hours as a tag value: `1-5 9-17 Europe/Berlin`. */
export const encodeWorkingHours = ({ days, hours, timeZone }: WorkingHours) =>
  `${days.join('-')} ${hours.join('-')} ${timeZone}`;

/** The working hours of a tag value; undefined where they make no sense. */
export function decodeWorkingHours(value: string): WorkingHours | undefined {
  const match = /^([1-7])-([1-7]) (\d{1,2})-(\d{1,2}) (\S+)$/.exec(value);
  if (!match) return undefined;
  const [firstDay, lastDay, from, to] = match.slice(1, 5).map(Number) as [number, number, number, number];
  if (firstDay > lastDay || from >= to || to > 24 || !isTimeZone(match[5]!)) return undefined;
  return { days: [firstDay, lastDay], hours: [from, to], timeZone: match[5]! };
}

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
