/** An EventBridge pattern, as far as this project writes one: accepted values per field, at any depth. */
export interface EventPattern {
  readonly [field: string]: readonly string[] | EventPattern;
}

/** Whether an event, as a target would receive it, matches a pattern: every field that the pattern names has one of its values. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  const fields = event as Readonly<Record<string, unknown>>;
  return Object.entries(pattern).every(([field, accepted]) =>
    isList(accepted) ? accepted.includes(fields[field] as string) : matches(accepted, fields[field]),
  );
}

const isList = (accepted: readonly string[] | EventPattern): accepted is readonly string[] =>
  Array.isArray(accepted);
