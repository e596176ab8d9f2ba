import { isJson, type JsonValue, jsonValues, pathOf, textOf } from './json-text';
import { isUsual, refusalOf } from './key-format';
import { KEY_FIELD } from './refusal';

/** Where a key stands, if not alone or in its field. A name comes from the stored text and is left out unless it is a plain one. */
export type Stands =
  /** In its place, but with blanks or line breaks around it. */
  | { readonly at: 'blanks' }
  /** Inside a JSON text, nested names with dots: `anthropic.api_key`. */
  | { readonly at: 'field'; readonly name?: string }
  /** On a line of any other text, such as `.env` or YAML. */
  | { readonly at: 'line'; readonly line: number; readonly name?: string }
  /** In a SecretBinary, which services that read SecretString do not get. */
  | { readonly at: 'binary' };

interface Found {
  readonly text: string;
  readonly stands: Stands;
}

/** The one usable key that a stored text holds anywhere; `several` if it holds different ones. A field of the right name is the only place that counts, unless it is blank. */
export function findKey(stored: string): Found | 'several' | undefined {
  const found = isJson(stored) ? inJson(stored) : inLines(stored);
  const keys = new Set(found.map(({ text }) => text));
  return keys.size > 1 ? 'several' : found[0];
}

function inJson(stored: string): readonly Found[] {
  const values = jsonValues(stored);
  const own = values.findLast((value) => isKeyField(value) && textOf(stored, value).trim() !== '');
  return (own ? [own] : values).flatMap((value) => [
    ...(value.parent?.kind === 'object' ? keysIn(value.name) : []).map(
      ({ text }): Found => ({ text, stands: { at: 'field' } }),
    ),
    ...keysIn(textOf(stored, value)).map(({ text }): Found => {
      const name = nameOf(pathOf(value).join('.'));
      return { text, stands: { at: 'field', ...(name && { name }) } };
    }),
  ]);
}

/** The field of a document that holds the key. */
export const isKeyField = ({ name, parent, kind }: JsonValue) =>
  kind === 'text' && name === KEY_FIELD && parent?.kind === 'object' && parent.parent === undefined;

function inLines(stored: string): readonly Found[] {
  return keysIn(stored).map(({ text, at }) => {
    const lines = stored.slice(0, at).split(/\r\n|[\n\r]/);
    const name = nameOf(SETS.exec(lines.at(-1)!)?.[1] ?? '');
    return { text, stands: { at: 'line', line: lines.length, ...(name && { name }) } };
  });
}

/** What comes before a value on its line: `export NAME="`, `name: Bearer `, `\"NAME\": \"`. */
const SETS = /([A-Za-z_][\w.-]*)\\*["']?\s*[=:]\s*\\*["'`]?(?:Bearer\s+)?$/i;

/** A name that may be printed: short and plain, and not itself a secret of a known kind. */
function nameOf(name: string): string | undefined {
  const reason = refusalOf(name)?.reason;
  const isPlain = /^[A-Za-z_][\w.-]{0,63}$/.test(name) && !/sk-ant-/i.test(name);
  return isPlain && (reason === 'unknown' || reason === 'placeholder' || reason === 'stopped')
    ? name
    : undefined;
}

const RUN = /sk-ant-[A-Za-z0-9_-]+/g;

const keysIn = (text: string) =>
  [...text.matchAll(RUN)].flatMap(({ 0: run, index }) => {
    const isWhole = isUsual(run) || !CUT.test(text.slice(index + run.length));
    return refusalOf(run) === undefined && isWhole ? [{ text: run, at: index }] : [];
  });

/** What follows the first part of a key that is cut in two, shortened or spoiled. */
const CUT = /^(?:[^\s"'`,;)}\]>\\&#|]|\s+[A-Za-z0-9_-]{4,}\s*(?:["'`,;)}\]]|$))/u;
