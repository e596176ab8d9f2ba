import { areHours } from '../domain/policy';

/** In the order of their ISO numbers. */
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const HOURS = /^(\d{1,2})-(\d{1,2})$/;

/** `Mon-Fri` or `Sun-Thu` as ISO numbers; undefined if invalid. */
export function dayNumbers(text: string): [number, number] | undefined {
  const [from, to, ...rest] = text.split('-').map((name) => DAYS.indexOf(name) + 1);
  return rest.length === 0 && from && to ? [from, to] : undefined;
}

/** `9-17` or `22-6` as numbers; undefined if invalid. */
export function hourNumbers(text: string): [number, number] | undefined {
  const match = HOURS.exec(text);
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  return match && areHours([from, to]) ? [from, to] : undefined;
}
