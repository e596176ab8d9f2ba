import { DAY, HOUR, MINUTE } from './time';

const UNIT = { minute: MINUTE, hour: HOUR, day: DAY } as const;

/** Milliseconds between two runs of a schedule such as `rate(1 hour)`; undefined for any other expression. */
export function ratePeriod(expression: string): number | undefined {
  const [, number, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return number && unit ? Number(number) * UNIT[unit as keyof typeof UNIT] : undefined;
}
