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
]);

/** Turns the date fields of a received payload from ISO 8601 back into dates, so that both sides of a call have the same type. */
export function withDates(received: unknown): unknown {
  if (Array.isArray(received)) return received.map(withDates);
  if (typeof received !== 'object' || received === null || received instanceof Date) return received;
  return Object.fromEntries(
    Object.entries(received).map(([name, value]) => [
      name,
      DATE_FIELDS.has(name) && typeof value === 'string' ? new Date(value) : withDates(value),
    ]),
  );
}
