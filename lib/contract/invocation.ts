/** The date fields of all requests and answers between our functions and the command line. */
const DATE_FIELDS: ReadonlySet<string> = new Set([
  'createdAt',
  'expiresAt',
  'from',
  'to',
  'refreshedAt',
  'lastUsed',
  'hour',
  'before',
  'until',
  'expected',
  'at',
  'since',
]);

/** Names that stand for something else as well: `from` is a date in a window of use, but the id of a version in a label move. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['from', 'at']);

const isDate = (name: string, value: unknown): value is string =>
  typeof value === 'string' &&
  DATE_FIELDS.has(name) &&
  (!AMBIGUOUS.has(name) || /^\d{4}-\d\d-\d\dT/.test(value));

/** Turns the date fields of a received payload from ISO 8601 back into dates, so that both sides of a call have the same type. */
export function withDates(received: unknown): unknown {
  if (Array.isArray(received)) return received.map(withDates);
  if (typeof received !== 'object' || received === null || received instanceof Date) return received;
  return Object.fromEntries(
    Object.entries(received).map(([name, value]) => [
      name,
      isDate(name, value) ? new Date(value) : withDates(value),
    ]),
  );
}
