export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A later or earlier moment; never mutates. A day is always 24 hours. */
export const plus = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

/** The next whole second, so that a moment that a tag or a label holds is never earlier than meant. */
export const secondAfter = (date: Date) => new Date(Math.ceil(date.getTime() / 1000) * 1000);

/** Whole days from `from` to `to`, rounded down. */
export const daysBetween = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / DAY);

/** Days until a deadline, rounded up; zero or less once it is past. */
export const daysUntil = (deadline: Date, now: Date) => Math.ceil((deadline.getTime() - now.getTime()) / DAY);

/** Milliseconds since a moment. */
export const elapsed = (since: Date, now: Date) => now.getTime() - since.getTime();

/** The UTC day, `2026-11-21`. */
export const utcDay = (date: Date) => date.toISOString().slice(0, 10);

/** The UTC minute, `2026-11-21 06:00`. */
export const utcMinute = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

/** The later of two moments, of which one may be missing. */
export const later = (one: Date, other: Date | undefined) => (other && other > one ? other : one);

/** Whether a date from a tag can be meant: this century. Beyond the calendar's end even adding a day to it gives no date. */
export const isPlausible = (date: Date) => date.getUTCFullYear() >= 2000 && date.getUTCFullYear() < 2100;
