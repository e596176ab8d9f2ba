import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';

/** A fenced block of a document. */
export interface Fence {
  /** `docs/deploy.md:8`: where its fence opens. */
  readonly at: string;
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The word behind the fence; empty if there is none. */
  readonly language: string;
  /** Without the indentation of its fence. */
  readonly text: string;
  /** What the comment right above the fence says of it: `<!-- snippet: … -->`. */
  readonly mark?: Mark;
}

export type Mark =
  /** It shows a picture, not something to run. */
  | { readonly is: 'picture' }
  /** Another test runs or compares it, and names the document. */
  | { readonly is: 'tested'; readonly by: string }
  /** It is word for word the text of a file of the repository. */
  | { readonly is: 'copied'; readonly from: string }
  /** It is meant for another program; the block is parsed, and no more. */
  | { readonly is: 'for'; readonly program: string }
  /** It goes on where the block of the same language before it in the document ends. */
  | { readonly is: 'continued' }
  /** What a reader has already: imports and declarations that the block needs to compile. */
  | { readonly is: 'preamble'; readonly text: string };

const OPENING = /^( *)(`{3,}|~{3,})([^`]*)$/;

/** All fenced blocks of a document. @throws where a fence is not closed, or a mark is not known */
export function fencesIn(file: string, written = readFileSync(join(ROOT, file), 'utf8')): readonly Fence[] {
  const lines = written.split('\n');
  const fences: Fence[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, indent, fence, info] = OPENING.exec(lines[index]!) ?? [];
    if (fence === undefined) continue;
    const at = `${file}:${index + 1}`;
    const length = lines.slice(index + 1).findIndex((line) => line.trim() === fence);
    if (length < 0) throw new Error(`${at}: the block is never closed.`);
    fences.push({
      at,
      file,
      line: index + 1,
      language: info!.trim().split(/\s+/)[0]!,
      text: lines
        .slice(index + 1, index + 1 + length)
        .map((line) => (line.startsWith(indent!) ? line.slice(indent!.length) : line))
        .concat('')
        .join('\n'),
      mark: markAbove(lines.slice(0, index).join('\n'), at),
    });
    index += length + 1;
  }
  return fences;
}

/** The comment that ends right above, with nothing but blank lines between. */
function markAbove(above: string, at: string): Mark | undefined {
  const [, comment] = /<!--((?:(?!-->)[\s\S])*)-->\s*$/.exec(above) ?? [];
  const [, session] = /^ cli-session: (\S+), word for word $/.exec(comment ?? '') ?? [];
  if (session) return { is: 'copied', from: session };
  const [, said] = /^ snippet\b([\s\S]*)$/.exec(comment ?? '') ?? [];
  return said === undefined ? undefined : markOf(said, at);
}

function markOf(said: string, at: string): Mark {
  if (said.startsWith('\n')) return { is: 'preamble', text: said.slice(1) };
  const words = said.replace(/^:/, '').trim();
  if (words === 'picture') return { is: 'picture' };
  if (words === 'continued') return { is: 'continued' };
  const [, kind, rest] = /^(tested by|copied from|for) (.+)$/.exec(words) ?? [];
  if (kind === 'tested by') return { is: 'tested', by: rest! };
  if (kind === 'copied from') return { is: 'copied', from: rest! };
  if (kind === 'for') return { is: 'for', program: rest! };
  throw new Error(
    `${at}: "${words}" marks no block. Expected: picture, continued, tested by FILE, copied from FILE or for PROGRAM; or a preamble that begins on a line of its own.`,
  );
}

/** The test that a page says reads all its blocks: `<!-- snippets: tested by FILE -->`. */
export const testOfAll = (written: string) => /^<!-- snippets: tested by (\S+) -->$/m.exec(written)?.[1];
