/** A nested value as the AWS query protocol flattens it into form fields. */
type Nested = string | Nested[] | { [name: string]: Nested };

/** Rebuilds the request from form fields: `Tags.member.1.Key`, `MessageAttributes.entry.1.Name` and `.Value`. */
export function parseQuery(body: string): Record<string, Nested> {
  const tree: Record<string, Nested> = {};
  for (const [path, value] of new URLSearchParams(body)) {
    const steps = path.split('.');
    const last = steps.pop()!;
    let node = tree;
    for (const step of steps) {
      node[step] ??= {};
      node = node[step] as Record<string, Nested>;
    }
    node[last] = value;
  }
  return fold(tree) as Record<string, Nested>;
}

/** Turns `member` and `entry` wrappers back into lists and maps. */
function fold(node: Nested): Nested {
  if (typeof node === 'string' || Array.isArray(node)) return node;
  if (isWrapper(node, 'member')) return numbered(node.member!).map(fold);
  if (isWrapper(node, 'entry')) return Object.fromEntries(numbered(node.entry!).map(pair));
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, fold(value)]));
}

const isWrapper = (node: Record<string, Nested>, name: string) =>
  Object.keys(node).length === 1 && typeof node[name] === 'object';

const numbered = (node: Nested): Nested[] =>
  Object.entries(node)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);

function pair(entry: Nested): [string, Nested] {
  const { key, value, Name, Value } = entry as Record<string, Nested>;
  return [String(key ?? Name), fold(value ?? Value ?? '')];
}

/** Encodes an answer as the query protocol does: lists as `member`, Maps as `entry` pairs. */
export function queryAnswer(action: string, result: object, requestId: string): string {
  return (
    `<${action}Response><${action}Result>${children(result)}</${action}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  );
}

export function queryError(code: string, message: string, status: number, requestId: string): string {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return (
    `<ErrorResponse><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function children(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) {
    return [...value]
      .map(([key, one]) => `<entry><key>${escapeXml(key)}</key><value>${children(one)}</value></entry>`)
      .join('');
  }
  if (Array.isArray(value)) return value.map((one) => `<member>${children(one)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => `<${name}>${children(one)}</${name}>`)
    .join('');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeXml = (text: string) => text.replace(/[&<>"]/g, (char) => ESCAPES[char]!);
