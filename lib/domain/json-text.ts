/** One value of a JSON text, and where it is written. */
export interface JsonValue {
  /** The object or list that it is in; absent for the outermost value. */
  readonly parent?: JsonValue;
  /** The name of its field, or its place in a list. */
  readonly name: string;
  /** First and last position of its text, the last one excluded. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'object' | 'list' | 'text' | 'other';
  /** Another field of the same object has this name: parsers disagree about which one counts. */
  readonly repeated: boolean;
}

interface Open {
  readonly value: { -readonly [K in keyof JsonValue]: JsonValue[K] };
  readonly fields: Map<string, Open['value']>;
  name?: string;
  length: number;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Every value of a text that `JSON.parse` takes, outer ones first. Keeps positions, which parsing and writing again would lose. */
export function jsonValues(text: string): readonly JsonValue[] {
  const found: JsonValue[] = [];
  const open: Open[] = [];
  const begin = (kind: JsonValue['kind'], from: number, to: number) => {
    const within = open.at(-1);
    const name = within?.value.kind === 'object' ? (within.name ?? '') : String(within?.length ?? 0);
    const twin = within?.fields.get(name);
    if (twin) twin.repeated = true;
    const value = { parent: within?.value, name, from, to, kind, repeated: twin !== undefined };
    within?.fields.set(name, value);
    if (within) {
      within.name = undefined;
      within.length += 1;
    }
    found.push(value);
    return value;
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const end = index + token.length;
    const within = open.at(-1);
    if (token === '{' || token === '[')
      open.push({
        value: begin(token === '{' ? 'object' : 'list', index, end),
        fields: new Map(),
        length: 0,
      });
    else if (token === '}' || token === ']') open.pop()!.value.to = end;
    else if (token.startsWith('"') && within?.value.kind === 'object' && within.name === undefined)
      within.name = JSON.parse(token);
    else if (token !== ',' && token !== ':') begin(token.startsWith('"') ? 'text' : 'other', index, end);
  }
  return found;
}

/** The names that lead to a value, outermost first. */
export function pathOf(value: JsonValue): readonly string[] {
  const names: string[] = [];
  for (let each: JsonValue = value; each.parent; each = each.parent) names.push(each.name);
  return names.reverse();
}

/** The text of a string; empty for anything else. */
export const textOf = (stored: string, { kind, from, to }: JsonValue): string =>
  kind === 'text' ? JSON.parse(stored.slice(from, to)) : '';

/** Whether a text is JSON. Windows editors may start a file with a byte order mark, which trim removes and JSON refuses. */
export function isJson(stored: string): boolean {
  try {
    JSON.parse(stored.trim());
    return true;
  } catch {
    return false;
  }
}
