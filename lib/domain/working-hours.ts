import type { WorkingHours } from './policy';

const ISO_DAY: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Whether `now` lies in the window, by the clock on the wall of its time zone. No window means always. */
export function withinWorkingHours(window: WorkingHours | undefined, now: Date): boolean {
  if (!window) return true;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: window.timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const day = ISO_DAY[part('weekday')] ?? 0;
  const hour = Number(part('hour'));
  return day >= window.days[0] && day <= window.days[1] && hour >= window.hours[0] && hour < window.hours[1];
}
