/** Every field of a request or an answer between our functions, and between them and the command line, that is a moment. */
const MOMENTS: ReadonlySet<string> = new Set([
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

/**
 * Makes dates again of what crossed an invocation, where they travel as ISO 8601. The one place that knows which fields they are: both sides
 * of a call then have the same type. A text that is no date stays a text, for whoever judges it.
 */
export function withDates(received: unknown): unknown {
  if (Array.isArray(received)) return received.map(withDates);
  if (typeof received !== 'object' || received === null || received instanceof Date) return received;
  return Object.fromEntries(
    Object.entries(received).map(([name, value]) => [
      name,
      MOMENTS.has(name) && typeof value === 'string' ? new Date(value) : withDates(value),
    ]),
  );
}
