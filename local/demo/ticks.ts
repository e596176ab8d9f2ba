import { ratePeriod } from '../../lib/domain/schedule';
import { DAY, HOUR, MINUTE } from '../../lib/domain/time';

/** Every moment in `[from, to)` at which a schedule fires: rates on the round hour or minute, so that a timeline reads well. */
export function ticksOf(expression: string, from: Date, to: Date): readonly Date[] {
  const period = ratePeriod(expression);
  const [every, within] = period === undefined ? [DAY, daily(expression)] : [period, [0]];
  const ticks: Date[] = [];
  for (let start = Math.floor(from.getTime() / every) * every; start < to.getTime(); start += every)
    for (const after of within) {
      const date = new Date(start + after);
      if (date >= from && date < to) ticks.push(date);
    }
  return ticks;
}

/** When a cron expression fires, in milliseconds from midnight. The fleet file admits only those that run every day. */
function daily(expression: string): readonly number[] {
  const [minutes, hours] = /^cron\((\S+) (\S+) /.exec(expression)?.slice(1) ?? [];
  if (minutes === undefined || hours === undefined)
    throw new Error(`The schedule ${JSON.stringify(expression)} is neither a rate nor a daily cron.`);
  const inMinutes = field(minutes, 59);
  return field(hours, 23).flatMap((hour) => inMinutes.map((minute) => hour * HOUR + minute * MINUTE));
}

/** `5`, `1-5`, `*`, `0/15` and lists of these. */
function field(text: string, most: number): readonly number[] {
  const numbers = text.split(',').flatMap((part) => {
    const [range = '*', step] = part.split('/');
    const [from, to] = range === '*' ? [0, most] : range.split('-').map(Number);
    const last = to ?? (step === undefined ? from! : most);
    const found: number[] = [];
    for (let number = from!; number <= last; number += Number(step ?? 1)) found.push(number);
    return found;
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}
