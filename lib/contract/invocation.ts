/** The date fields of all requests and answers between our functions and the command line. */
const DATE_FIELDS: ReadonlySet<string> = new Set([
  'createdAt',
  'expiresAt',
  'archivedAt',
  'at',
  'since',
  'from',
  'to',
  'refreshedAt',
  'lastUsed',
  'hour',
  'before',
  'until',
  'expected',
]);

/** Names that also stand for other things: `from` is a date in a window of use, but the id of a version in a label move. */
const SHARED_NAMES: ReadonlySet<string> = new Set(['from', 'at', 'since']);

const isDate = (name: string, value: unknown): value is string =>
  typeof value === 'string' &&
  DATE_FIELDS.has(name) &&
  (!SHARED_NAMES.has(name) || /^\d{4}-\d\d-\d\dT/.test(value));

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
