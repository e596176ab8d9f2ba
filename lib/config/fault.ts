/** A place in the file: keys from the top, with list positions as numbers. */
export type Path = readonly (string | number)[];

/** A fault in the author's own terms. */
export interface Fault {
  /** Such as `environments.prod.keys.api-gateway.owner`; empty for the file as a whole. */
  readonly path: string;
  /** The value there, as JSON; absent if the field is missing. */
  readonly given?: string;
  /** What would be right. */
  readonly expected: string;
}

/** A fault of a file. */
export interface ConfigFault extends Fault {
  /** Name of the file, as it was given. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** A fault whose place in the file is not known yet. */
export interface Problem {
  readonly path: Path;
  readonly expected: string;
  /** Set if not the value at the path is wrong, e.g. for an unknown field. */
  readonly given?: string;
  /** Fields that would be enough instead. If one of them is itself refused, this problem is not reported. */
  readonly instead?: readonly Path[];
}

/** One line in the format that editors make clickable. */
export const renderFault = ({ file, line, ...fault }: ConfigFault) =>
  `${file}:${line}: ${describeFault(fault)}`;

/** The same without file and line. */
export function describeFault({ path, given, expected }: Fault): string {
  const what = given === undefined ? 'is missing' : `is ${given}`;
  return `${path === '' ? 'this file' : path} ${what}: expected ${expected}`;
}

/** The problem with its value in `data`. */
export const faultIn = (data: unknown, { path, given, expected }: Problem): Fault => ({
  path: renderPath(path),
  given: given ?? showValue(valueAt(data, path)),
  expected,
});

/** The value at a path; undefined if there is none. */
export const valueAt = (data: unknown, path: Path) =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  );

/** A path as people read it, such as `environments.prod.alerts[0]`. */
export const renderPath = (path: Path) =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );

// A key that somebody pastes into the file must be refused, and must not be printed.
export const KEY_LIKE = /sk-ant-[\w-]{12,}/g;
const USERINFO = /\/\/[^/?#\s"]*@/g;

/** Text of the file that is safe to print: without keys and without passwords in URLs. */
export const redact = (text: string) => text.replace(KEY_LIKE, 'sk-ant-…').replace(USERINFO, '//…@');

/** A value as JSON for a message. */
function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const json = redact(JSON.stringify(value));
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
