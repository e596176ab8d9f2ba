import { ratePeriod } from '../../lib/domain/schedule';
import { MINUTE } from '../../lib/domain/time';

/** Every moment in `[from, to)` at which a schedule fires: rates on the round hour or minute, so that a timeline reads well. */
export function ticksOf(expression: string, from: Date, to: Date): readonly Date[] {
  const period = ratePeriod(expression);
  const every = period ?? MINUTE;
  const fires = period === undefined ? daily(expression) : () => true;
  const ticks: Date[] = [];
  for (let at = Math.ceil(from.getTime() / every) * every; at < to.getTime(); at += every) {
    const date = new Date(at);
    if (fires(date)) ticks.push(date);
  }
  return ticks;
}

/** Minutes and hours of a cron expression. The fleet file admits only those that run every day. */
function daily(expression: string): (at: Date) => boolean {
  const [minutes, hours] = /^cron\((\S+) (\S+) /.exec(expression)?.slice(1) ?? [];
  if (minutes === undefined || hours === undefined)
    throw new Error(`The schedule ${JSON.stringify(expression)} is neither a rate nor a daily cron.`);
  const inMinutes = field(minutes, 59);
  const inHours = field(hours, 23);
  return (at) => inMinutes.has(at.getUTCMinutes()) && inHours.has(at.getUTCHours());
}

/** `5`, `1-5`, `*`, `0/15` and lists of these. */
function field(text: string, most: number): ReadonlySet<number> {
  const numbers = text.split(',').flatMap((part) => {
    const [range = '*', step] = part.split('/');
    const [from, to] = range === '*' ? [0, most] : range.split('-').map(Number);
    const last = to ?? (step === undefined ? from! : most);
    const found: number[] = [];
    for (let number = from!; number <= last; number += Number(step ?? 1)) found.push(number);
    return found;
  });
  return new Set(numbers);
}
