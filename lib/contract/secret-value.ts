import { isJson, type JsonValue, jsonValues, textOf } from '../domain/json-text';
import { readStored } from '../domain/key';
import { isKeyField } from '../domain/misplaced-key';
import { type DocumentRefusal, KEY_FIELD } from '../domain/refusal';

/**
 * The value of a newly deployed secret. NEVER CHANGE IT: CloudFormation would overwrite the live value of every deployed
 * secret (aws/aws-cdk#19985). A test pins the text.
 */
export const PLACEHOLDER = `{"${KEY_FIELD}":""}`;

/** Source: quotas of Secrets Manager. */
const MOST_BYTES = 65_536;

/** The key that a stored value holds, or the text in its place: the field of a JSON document, otherwise the whole. */
export function keyText(stored: string): string {
  const { key } = readStored(stored);
  if (key) return key.reveal();
  if (!isDocument(stored)) return stored;
  const field = jsonValues(stored).findLast(isKeyField);
  return field ? textOf(stored, field) : '';
}

/** Whether a stored value is a JSON document, with or without a key. */
export const isDocument = (stored: string) => stored.trimStart().startsWith('{') && isJson(stored);

/** A value with a new key in it, or why there can be none. */
export type NewValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: DocumentRefusal };

export const refused = (reason: DocumentRefusal): NewValue => ({ ok: false, reason });

/** Exchanges every occurrence of the live key for `key`, whatever the format, and keeps every other byte. */
export function exchangeKey(stored: string, live: string, key: string): NewValue {
  const values = isJson(stored) ? jsonValues(stored) : [];
  const holds = (text: string) => occurrences(text, live) > 0;
  const holding = values.filter((value) => holds(textOf(stored, value)));
  if (holding.some(isRepeated) || values.some((value) => isKeyField(value) && value.repeated))
    return refused('repeated-field');
  const read = values.flatMap((value) => [
    textOf(stored, value),
    value.parent?.kind === 'object' ? value.name : '',
  ]);
  const written = occurrences(stored, live);
  const meant = values.length > 0 ? read.reduce((sum, text) => sum + occurrences(text, live), 0) : written;
  if (written === 0 || written !== meant) return refused('escaped-key');
  return fitting(
    stored.replace(occurring(live), () => key),
    key,
  );
}

/** Puts `key` in its place in a value that holds none: an empty or stopped value. A document keeps every other byte. */
export function fillIn(stored: string, key: string): NewValue {
  if (!isDocument(stored)) return fitting(stored.trim() === '' ? documentWith(key) : key, key);
  const values = jsonValues(stored);
  const fields = values.filter((value) => value.parent === values[0]);
  const [place, twin] = fields.filter(({ name }) => name === KEY_FIELD);
  if (twin) return refused('repeated-field');
  if (place?.kind === 'object' || place?.kind === 'list') return refused('no-place');
  const text = JSON.stringify(key);
  if (place) return fitting(stored.slice(0, place.from) + text + stored.slice(place.to), key);
  const end = fields.at(-1)?.to ?? values[0]!.from + 1;
  const field = `${fields.length > 0 ? ',' : ''}"${KEY_FIELD}":${text}`;
  return fitting(stored.slice(0, end) + field + stored.slice(end), key);
}

const documentWith = (key: string) => JSON.stringify({ [KEY_FIELD]: key });

/** A last look at what is to be stored. */
function fitting(value: string, key: string): NewValue {
  if (Buffer.byteLength(value) > MOST_BYTES) return refused('too-large');
  return readStored(value).key?.reveal() === key ? { ok: true, value } : refused('several-live-keys');
}

/** One of the objects around a value has its field twice. */
function isRepeated(value: JsonValue | undefined): boolean {
  for (let each = value; each; each = each.parent) if (each.repeated) return true;
  return false;
}

/** A key as a whole, not as the beginning of a longer one. A key has no characters with a meaning in a pattern. */
const occurring = (key: string) => new RegExp(`${key}(?![A-Za-z0-9_-])`, 'g');

const occurrences = (text: string, key: string) => text.match(occurring(key))?.length ?? 0;
