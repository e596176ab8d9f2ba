import { KEY_FIELD } from '../domain/refusal';

/**
 * The value of a newly deployed secret. NEVER CHANGE IT: CloudFormation would overwrite the live value of every deployed
 * secret (aws/aws-cdk#19985). A test pins the text.
 */
export const PLACEHOLDER = `{"${KEY_FIELD}":""}`;

/** The key's text in a stored value: the field of a JSON document, or the whole plain string. */
export function keyText(stored: string): string {
  const document = parseDocument(stored);
  if (!document) return stored;
  const field = document[KEY_FIELD];
  return typeof field === 'string' ? field : '';
}

/** Whether a stored value is a JSON document, with or without a key. */
export const isDocument = (stored: string) => parseDocument(stored) !== undefined;

/** Puts `key` into `stored`: a plain string stays plain, and a document keeps all other fields, verbatim if possible. */
export function mergeKey(stored: string, key: string): string {
  const document = parseDocument(stored);
  if (!document) return stored.trim() === '' ? JSON.stringify({ [KEY_FIELD]: key }) : key;
  return replaceInPlace(stored, key) ?? JSON.stringify({ ...document, [KEY_FIELD]: key });
}

/** Replaces only the key's text, because parsing and rewriting the document would round large numbers. */
function replaceInPlace(stored: string, key: string): string | undefined {
  const parts = stored.split(FIELD);
  const [before, name, after] = parts;
  const merged = `${before}${name}${JSON.stringify(key)}${after}`;
  return parts.length === 3 && keyText(merged) === key ? merged : undefined;
}

/** The field in the text of a document, with its name captured. */
const FIELD = new RegExp(`("${KEY_FIELD}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`);

function parseDocument(stored: string): Record<string, unknown> | undefined {
  if (!stored.trimStart().startsWith('{')) return undefined;
  try {
    // Windows editors may start a file with a byte order mark, which trim removes and JSON refuses.
    const parsed: unknown = JSON.parse(stored.trim());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
