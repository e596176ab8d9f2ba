import { isMap, isNode, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { Aliases } from './aliases';
import { type ConfigFault, faultIn, KEY_LIKE, type Path, type Problem, redact, renderPath } from './fault';

/** A parsed file that knows the line of each value. */
export interface Source {
  /** Plain data; undefined if the file is not YAML. */
  readonly data: unknown;
  readonly faults: readonly ConfigFault[];
  /** Each problem with its line. One that several aliases lead to is told once, where it was written. */
  locate(problems: readonly Problem[]): readonly ConfigFault[];
}

/** Reads YAML. A duplicate name is a fault: without it the last entry would silently win. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  });
  const aliases = new Aliases(document);
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const duplicates = document.errors.filter(isDuplicate);
  // What follows the first error of syntax mostly follows from it.
  const [broken] = document.errors.filter((error) => !isDuplicate(error));
  const unreadable = broken
    ? [syntaxFault(broken, file, lineAt(broken.pos[0]))]
    : aliases.faults.map(({ path, offset, given, expected }) => ({
        ...{ file, line: lineAt(offset), path: redact(renderPath(path)), given: redact(given), expected },
      }));
  const data =
    unreadable.length === 0 ? withoutBlocks(ownCopy(document.toJS({ maxAliasCount: -1 }))) : undefined;
  const faults = [
    ...duplicates.map((error) => duplicateFault(error, text, file, lineAt(error.pos[0]))),
    ...unreadable,
    ...pastedKeys(text, file),
  ];

  const locate = (problems: readonly Problem[]) => {
    const told = new Set<string>();
    return problems.flatMap((problem) => {
      const offset = offsetOf(document.contents, problem.path, aliases);
      const fault = faultIn(data, problem);
      const id = JSON.stringify([offset, problem.path.at(-1), fault.given, fault.expected]);
      if (told.has(id)) return [];
      told.add(id);
      return [{ file, line: lineAt(offset), ...fault }];
    });
  };
  return { data, faults, locate };
}

const isDuplicate = ({ code }: YAMLError) => code === 'DUPLICATE_KEY';

function duplicateFault(error: YAMLError, text: string, file: string, line: number): ConfigFault {
  const name = /^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
  const expected = 'each name once in its place';
  return { file, line, path: redact(name.trim()), given: 'there twice', expected };
}

function syntaxFault(error: YAMLError, file: string, line: number): ConfigFault {
  if (error.code === 'TAB_AS_INDENT')
    return { file, line, path: 'this line', given: 'indented with a tab', expected: 'spaces, as YAML wants' };
  if (error.code === 'MULTIPLE_DOCS')
    return {
      file,
      line,
      path: 'this line',
      given: 'the beginning of a second document',
      expected: 'one document',
    };
  const message = redact(error.message.split('\n', 1)[0]!);
  return { file, line, path: '', given: `not YAML (${message})`, expected: 'a YAML file' };
}

function pastedKeys(text: string, file: string): ConfigFault[] {
  const given = 'holding what looks like an Anthropic API key';
  const expected =
    'no key in any file; revoke that key in the Anthropic Console, because it counts as leaked';
  return text.split('\n').flatMap((content, index) => {
    const fault = { file, line: index + 1, path: 'this line', given, expected };
    return content.search(KEY_LIKE) < 0 ? [] : [fault];
  });
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Uses of one anchor share their value. Here each has its own, so that what is refused in one place stays in another. */
function ownCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownCopy);
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ownCopy(each)]))
    : value;
}

/**
 * Without the `x-…` blocks that only hold anchors: at the top, in an environment, and among the environments, where one with keys is an environment
 * of that name.
 */
function withoutBlocks(data: unknown): unknown {
  if (!isFields(data)) return data;
  const { environments, ...rest } = withoutNamed(data, () => true);
  if (!isFields(environments)) return 'environments' in data ? { ...rest, environments } : rest;
  const real = withoutNamed(environments, (block) => !isFields(block) || !('keys' in block));
  const kept = Object.entries(real).map(([name, each]) => [
    name,
    isFields(each) ? withoutNamed(each, () => true) : each,
  ]);
  return { ...rest, environments: Object.fromEntries(kept) };
}

const withoutNamed = (fields: Fields, isBlock: (value: unknown) => boolean): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !(name.startsWith('x-') && isBlock(value))),
  );

/** Start of the deepest existing entry of `path`: of its name in a map, of itself in a list, of the anchored value behind an alias. */
function offsetOf(contents: unknown, path: Path, aliases: Aliases): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const entry = aliases.entryOf(node, String(part));
      if (!entry) return offset;
      offset = startOf(entry.key) ?? offset;
      node = entry.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
    const target = aliases.follow(node);
    if (target !== node) offset = startOf(target) ?? offset;
    node = target;
  }
  return offset;
}

const startOf = (node: unknown) => (isNode(node) ? node.range?.[0] : undefined);
