/** The field that holds the key; every other field of the document belongs to the team and is kept. */
export const KEY_FIELD = 'ANTHROPIC_API_KEY';

/**
 * The value a new secret is deployed with. FROZEN FOR EVER: CloudFormation overwrites the live value of every deployed
 * secret when this text changes (aws/aws-cdk#19985). A test holds it.
 */
export const PLACEHOLDER = `{"${KEY_FIELD}":""}`;

/** Takes the text of the key out of a stored value: the field of a JSON document, or a plain string as it is. */
export function keyText(stored: string): string {
  const document = parseDocument(stored);
  if (!document) return stored;
  const field = document[KEY_FIELD];
  return typeof field === 'string' ? field : '';
}

/** Whether a stored value is a JSON document, with or without a key in it. */
export const isDocument = (stored: string) => parseDocument(stored) !== undefined;

/** Puts `key` into the shape and the other fields of `stored`: plain stays plain, a document keeps all it had, to the letter where possible. */
export function mergeKey(stored: string, key: string): string {
  const document = parseDocument(stored);
  if (!document) return stored.trim() === '' ? JSON.stringify({ [KEY_FIELD]: key }) : key;
  return exchanged(stored, key) ?? JSON.stringify({ ...document, [KEY_FIELD]: key });
}

/** The one text exchanged in place: parsing the document and writing it anew would round large numbers. */
function exchanged(stored: string, key: string): string | undefined {
  const around = stored.split(FIELD);
  const [before, name, after] = around;
  const merged = `${before}${name}${JSON.stringify(key)}${after}`;
  return around.length === 3 && keyText(merged) === key ? merged : undefined;
}

/** The field with its name captured, in the text of a document. */
const FIELD = new RegExp(`("${KEY_FIELD}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`);

function parseDocument(stored: string): Record<string, unknown> | undefined {
  if (!stored.trimStart().startsWith('{')) return undefined;
  try {
    // Editors on Windows begin a file with a byte order mark, which trim takes off and JSON refuses.
    const parsed: unknown = JSON.parse(stored.trim());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
