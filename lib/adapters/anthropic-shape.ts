import { scrub } from '../domain/key';
import { AdminError } from '../workflows/errors';

/** Readers for fields of an answer. Each refuses what has another shape, so that nothing broken passes for an absence. */

const refuse = (what: string) => new AdminError('unavailable', `The answer holds ${what}.`);

/** @throws AdminError unless it is an object */
export function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('no object');
  return value as Readonly<Record<string, unknown>>;
}

/** @throws AdminError unless it is a date */
export function date(value: unknown): Date {
  const parsed = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(parsed.getTime())) throw refuse('an invalid date');
  return parsed;
}

/** @throws AdminError unless it looks like an id of Anthropic's, e.g. `apikey_01Rj2N8SVvo6BePZj99NhmiT` */
export function id(value: unknown): string {
  if (typeof value !== 'string' || !/^[\w-]{1,100}$/.test(value)) throw refuse('an invalid id');
  return value;
}

/** @throws AdminError unless it looks like an IP address */
export function ip(value: unknown): string {
  if (typeof value !== 'string' || !/^[\da-f.:]{2,45}$/i.test(value)) throw refuse('an invalid IP address');
  return value;
}

/** Characters of a name that are kept. */
const LONGEST_NAME = 254;

/** A name or address that somebody chose, without any key that it may hold. @throws AdminError unless it is a text */
export function name(value: unknown): string {
  const clean = scrub(text(value));
  return clean.length > LONGEST_NAME ? `${clean.slice(0, LONGEST_NAME - 1)}…` : clean;
}

/** A text that is compared and so kept as it is. @throws AdminError unless it is a text */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw refuse('no text where one belongs');
  return value;
}

/** @throws AdminError unless it is a list whose items can be read */
export function list<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw refuse('no list where one belongs');
  return value.map(read);
}

type Entry<Key extends string, T> = { readonly [K in Key]?: T };

/** An entry for a field that may be null or missing. */
export function optional<Key extends string, V>(key: Key, value: V | null | undefined): Entry<Key, V>;
export function optional<Key extends string, T>(
  key: Key,
  value: unknown,
  read: (value: unknown) => T,
): Entry<Key, T>;
export function optional(key: string, value: unknown, read = (same: unknown) => same) {
  return value === null || value === undefined ? {} : { [key]: read(value) };
}

/** What a lenient reader makes of a value that the strict one refuses: nothing. */
export function ifReadable<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof AdminError) return undefined;
    throw error;
  }
}
