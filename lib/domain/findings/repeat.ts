/** How often a finding is told while it lasts: on these days after its start, then every `every` days; 0 ends it. */
export interface Repeat {
  readonly days: readonly number[];
  readonly every: number;
}

export const ONCE: Repeat = { days: [0], every: 0 };
export const DAILY: Repeat = { days: [0], every: 1 };
export const PATIENT: Repeat = { days: [0, 3], every: 7 };
export const URGENT: Repeat = { days: [0, 1, 2], every: 7 };

/** The reminder with which every repeated finding begins. */
export const FIRST = '0';

/** The reminder that is due so many days after a finding began, named by its day. */
export function reminderAfter({ days, every }: Repeat, elapsedDays: number): string {
  const last = days.at(-1)!;
  if (elapsedDays < last || every === 0) return String(days.findLast((day) => day <= elapsedDays) ?? days[0]);
  return String(last + Math.floor((elapsedDays - last) / every) * every);
}

/** The reminder of a countdown: the smallest announced number of days that is not yet passed; undefined before the first. */
export function countdown(announced: readonly number[], daysLeft: number): string | undefined {
  const reached = announced.filter((days) => daysLeft <= days);
  return reached.length === 0 ? undefined : String(Math.min(...reached));
}
