import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type ConfigFault, faultIn, hide, KEY_LIKE, type Misfit, type Path } from './fault';

/** A parsed file that still knows where each value was written. */
export interface Source {
  /** The content as plain data; undefined where the file is not YAML. */
  readonly data: unknown;
  readonly faults: readonly ConfigFault[];
  locate(misfit: Misfit): ConfigFault;
}

/** Reads YAML. Two entries of the same name are a fault, not a silent win of the last. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const syntax = document.errors.map((error) => syntaxFault(error, text, file, lineAt(error.pos[0])));
  const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const data = readable ? (document.toJS() as unknown) : undefined;

  const locate = (misfit: Misfit): ConfigFault => ({
    file,
    line: lineAt(offsetOf(document.contents, misfit.path)),
    ...faultIn(data, misfit),
  });
  return { data, faults: [...syntax, ...pastedKeys(text, file)], locate };
}

function syntaxFault(error: YAMLError, text: string, file: string, line: number): ConfigFault {
  if (error.code === 'DUPLICATE_KEY') {
    const name = /^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return {
      file,
      line,
      path: hide(name.trim()),
      given: 'there twice',
      expected: 'each name once in its place',
    };
  }
  const message = hide(error.message.split('\n', 1)[0]!);
  return { file, line, path: '', given: `not YAML (${message})`, expected: 'a YAML file' };
}

function pastedKeys(text: string, file: string): ConfigFault[] {
  return text.split('\n').flatMap((content, index) =>
    content.search(KEY_LIKE) < 0
      ? []
      : [
          {
            file,
            line: index + 1,
            path: 'this line',
            given: 'holding what looks like an Anthropic API key',
            expected:
              'no key in any file; revoke that key in the Anthropic Console, it has to be taken as leaked',
          },
        ],
  );
}

/** Start of the deepest entry of `path` that was written: of its name in a map, of itself in a list. */
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
