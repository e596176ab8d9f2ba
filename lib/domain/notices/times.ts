import { DAY, HOUR, MINUTE } from '../time';

/** A moment as people read it: `2026-12-05 14:00 UTC`. */
export const absolute = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Distance to a moment in the largest unit that says enough: `in 14 days`, `3 hours ago`, `now`. */
function relative(date: Date, now: Date): string {
  const distance = date.getTime() - now.getTime();
  const size = duration(Math.abs(distance));
  if (size === undefined) return 'now';
  return distance > 0 ? `in ${size}` : `${size} ago`;
}

/** `2026-12-05 14:00 UTC (in 14 days)`. */
export const moment = (date: Date, now: Date) => `${absolute(date)} (${relative(date, now)})`;

/** `14 days`, `1 day`. */
export const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** `97 of 90 days`; a key of unknown age has a dash. */
export const ages = ({ ageDays, maxAgeDays }: { readonly ageDays?: number; readonly maxAgeDays: number }) =>
  `${ageDays === undefined ? '-' : ageDays} of ${maxAgeDays} days`;

/** `48 hours`, `1 hour`; whole days from four days on. */
export const hours = (number: number) =>
  number >= 96 && number % 24 === 0 ? count(number / 24, 'day') : count(number, 'hour');

function duration(milliseconds: number): string | undefined {
  if (milliseconds >= 2 * DAY) return count(Math.round(milliseconds / DAY), 'day');
  if (milliseconds >= HOUR) return count(Math.round(milliseconds / HOUR), 'hour');
  const minutes = Math.round(milliseconds / MINUTE);
  return minutes === 0 ? undefined : count(minutes, 'minute');
}
