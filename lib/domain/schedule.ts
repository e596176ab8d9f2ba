import { DAY, HOUR, MINUTE } from './time';

const UNIT = { minute: MINUTE, hour: HOUR, day: DAY } as const;

/** Milliseconds between two runs of a schedule such as `rate(1 hour)`; undefined for any other expression. */
export function ratePeriod(expression: string): number | undefined {
  const [, number, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return number && unit ? Number(number) * UNIT[unit as keyof typeof UNIT] : undefined;
}

const CRON = /^cron\(([^()]+)\)$/;

const FEWEST_MINUTES = 5;

const MOST_MINUTES = 1440;

const MINUTES_PER_HOUR = 60;

const EXPECTED =
  'rate(N minutes), rate(N hours) from 5 minutes to 1 day, or cron(minutes hours day month weekday year) that runs every day, at most every 5 minutes';

/** What is expected, where `expression` is no usable check schedule. Slower than daily is refused: such a key is reported as unwatched. */
export function scheduleFault(expression: string): string | undefined {
  const { shortest, longest } = minutesBetween(expression) ?? {};
  return shortest && longest && shortest >= FEWEST_MINUTES && longest <= MOST_MINUTES ? undefined : EXPECTED;
}

/** The shortest and the longest time between two runs of a daily or faster schedule; undefined for any other. */
export function minutesBetween(expression: string): { shortest: number; longest: number } | undefined {
  const period = ratePeriod(expression);
  if (period !== undefined) return { shortest: period / MINUTE, longest: period / MINUTE };
  const fields = CRON.exec(expression)?.[1]?.split(' ');
  if (fields?.length !== 6) return undefined;
  const [minutes, hours] = [numbersIn(fields[0]!, 59), numbersIn(fields[1]!, 23)];
  const [, , day, month, weekday, year] = fields;
  const daily =
    ((day === '*' && weekday === '?') || (day === '?' && weekday === '*')) && month === '*' && year === '*';
  if (!daily || !minutes || !hours) return undefined;
  const runs = hours.flatMap((hour) => minutes.map((minute) => hour * MINUTES_PER_HOUR + minute));
  const gaps = runs.map((run, index) => (runs[index + 1] ?? runs[0]! + MOST_MINUTES) - run);
  return { shortest: Math.min(...gaps), longest: Math.max(...gaps) };
}

/** The most minutes by which Scheduler delays a run. It spreads the checks of an environment without letting one overlap the next. */
export function flexibleMinutes(expression: string): number {
  const { shortest } = minutesBetween(expression) ?? { shortest: 0 };
  return Math.min(15, Math.floor(shortest / 4));
}

/**
 * For how many whole hours a state counts as lasting after a run that found it, so that it persists until the next run on the slowest of these
 * schedules: its interval and its delay, rounded up, and one more, because CloudWatch counts from the full hour.
 */
export function hoursUntilNextRun(expressions: readonly string[]): number {
  const minutes = expressions.map((expression) => {
    const { longest } = minutesBetween(expression) ?? { longest: MOST_MINUTES };
    return longest + flexibleMinutes(expression);
  });
  return Math.ceil(Math.max(0, ...minutes) / MINUTES_PER_HOUR) + 1;
}

/** The numbers that `5`, `1-5`, `*`, `0/15` and lists of these name within `0..most`, ascending; undefined for anything else. */
function numbersIn(field: string, most: number): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:(-)(\d{1,2}))?)(?:(\/)(\d{1,2}))?$/.exec(part);
    if (!match) return undefined;
    const [, from = '0', range, to, steps, step = '1'] = match;
    // With a step, a lone number begins a series.
    const last = range ? Number(to) : match[1] === undefined || steps ? most : Number(from);
    if (Number(from) > last || last > most || Number(step) === 0) return undefined;
    for (let number = Number(from); number <= last; number += Number(step)) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}
