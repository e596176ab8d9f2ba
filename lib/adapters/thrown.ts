import { scrub } from '../domain/key';

/** The longest value of a request that an error may quote. Fingerprints fit, and no key does, not even without its beginning. */
const LONGEST_ECHO = 16;

/** How much of a longer one stays. */
const SHORTENED = 8;

/** Fields of a request that name a secret or a version, so that an error about it can be understood. */
const NAMES: ReadonlySet<string> = new Set(['secretId', 'SecretId', 'ClientRequestToken']);

/** How deep requests and causes are looked into. */
const DEEPEST = 8;

/**
 * The same error as it may leave the process: without keys in message, name, stack, causes and other texts, and with values of the request cut
 * short. Whatever else it carries is dropped, because Lambda logs all properties of an error.
 */
export function withoutKeys(error: unknown, request: unknown): unknown {
  const echoes = [...new Set(longTexts(request))].sort((a, b) => b.length - a.length);
  const clean = (text: string) =>
    scrub(echoes.reduce((rest, echo) => rest.replaceAll(echo, `${echo.slice(0, SHORTENED)}…`), scrub(text)));
  return cleaned(error, clean, new Set());
}

function cleaned(thrown: unknown, clean: (text: string) => string, seen: Set<unknown>): unknown {
  if (typeof thrown === 'string') return clean(thrown);
  if (!(thrown instanceof Error))
    return typeof thrown === 'object' ? new Error(clean(String(thrown))) : thrown;
  if (seen.has(thrown) || seen.size >= DEEPEST) return undefined;
  seen.add(thrown);
  // A frozen error cannot be cleaned.
  const target = Object.isFrozen(thrown) ? new Error(thrown.message) : thrown;
  for (const property of Object.getOwnPropertyNames(target)) {
    const value: unknown = Reflect.get(target, property);
    if (property === 'cause') define(target, property, cleaned(value, clean, seen));
    else if (property === 'errors' && Array.isArray(value))
      define(
        target,
        property,
        value.map((each) => cleaned(each, clean, seen)),
      );
    else if (typeof value === 'object' && value !== null) Reflect.deleteProperty(target, property);
  }
  for (const property of new Set([...Object.getOwnPropertyNames(thrown), 'name', 'message', 'stack'])) {
    const text: unknown = Reflect.get(thrown, property);
    if (typeof text === 'string' && clean(text) !== Reflect.get(target, property))
      define(target, property, clean(text));
  }
  return target;
}

const define = (target: Error, property: string, value: unknown) =>
  Reflect.defineProperty(target, property, { value, enumerable: false, configurable: true, writable: true });

/** Texts of a request that no error may quote in full, as they are and as JSON shows them. */
function longTexts(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string')
    return value.length > LONGEST_ECHO ? [value, JSON.stringify(value).slice(1, -1)] : [];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, each]) => (NAMES.has(name) ? [] : longTexts(each, depth + 1)));
}
