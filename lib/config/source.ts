import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type ConfigFault, faultIn, KEY_LIKE, type Path, type Problem, redact } from './fault';

/** A parsed file that knows the line of each value. */
export interface Source {
  /** Plain data; undefined if the file is not YAML. */
  readonly data: unknown;
  readonly faults: readonly ConfigFault[];
  locate(problem: Problem): ConfigFault;
}

/** Reads YAML. A duplicate name is a fault: without it the last entry would silently win. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const syntax = document.errors.map((error) => syntaxFault(error, text, file, lineAt(error.pos[0])));
  const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const data = readable ? (document.toJS() as unknown) : undefined;

  const locate = (problem: Problem): ConfigFault => ({
    file,
    line: lineAt(offsetOf(document.contents, problem.path)),
    ...faultIn(data, problem),
  });
  return { data, faults: [...syntax, ...pastedKeys(text, file)], locate };
}

function syntaxFault(error: YAMLError, text: string, file: string, line: number): ConfigFault {
  if (error.code === 'DUPLICATE_KEY') {
    const name = /^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    const expected = 'each name once in its place';
    return { file, line, path: redact(name.trim()), given: 'there twice', expected };
  }
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

/** Start of the deepest existing entry of `path`: of its name in a map, of itself in a list. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (!isPair(pair)) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
    } else return offset;
  }
  return offset;
}
