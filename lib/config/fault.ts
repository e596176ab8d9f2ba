/** Where in the file something is: the keys from the top, list positions as numbers. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, in the words of whoever wrote it. */
export interface Fault {
  /** Such as `environments.prod.keys.api-gateway.owner`; empty for the file as a whole. */
  readonly path: string;
  /** The value found there, as JSON; absent where the field is missing. */
  readonly given?: string;
  readonly expected: string;
}

/** A fault of a file. */
export interface ConfigFault extends Fault {
  readonly file: string;
  readonly line: number;
}

/** What a check found, before it is known where in the file that is. */
export interface Misfit {
  readonly path: Path;
  readonly expected: string;
  /** Set where the value at the path is not what is wrong, e.g. for an unknown field. */
  readonly given?: string;
  /** Fields of which any would have been enough. Where one is there and refused itself, nothing is missing. */
  readonly instead?: readonly Path[];
}

/** One line for a terminal, which editors make clickable. */
export const renderFault = ({ file, line, ...fault }: ConfigFault) => `${file}:${line}: ${sayFault(fault)}`;

/** The same without the place in a file. */
export function sayFault({ path, given, expected }: Fault): string {
  const what = given === undefined ? 'is missing' : `is ${given}`;
  return `${path === '' ? 'this file' : path} ${what}: expected ${expected}`;
}

/** A misfit with the value that stands in `data`. */
export const faultIn = (data: unknown, { path, given, expected }: Misfit): Fault => ({
  path: renderPath(path),
  given: given ?? showValue(valueAt(data, path)),
  expected,
});

/** What stands at a path; undefined where nothing does. */
export const valueAt = (data: unknown, path: Path) =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  );

const renderPath = (path: Path) =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );

// Somebody pastes a key into the one file at hand: it must be refused, and must not be printed.
export const KEY_LIKE = /sk-ant-[\w-]{12,}/g;
const USERINFO = /\/\/[^/?#\s"]*@/g;

/** Text of the file as it may be printed: without keys, and without what a URL says before its host. */
export const hide = (text: string) => text.replace(KEY_LIKE, 'sk-ant-…').replace(USERINFO, '//…@');

/** A value of the file as JSON for a message; undefined where there is none. */
function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const json = hide(JSON.stringify(value));
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
