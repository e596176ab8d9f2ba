import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { wordWrap } from '../domain/wording/text';

/** How text is set for one output: its width, and its colours if it takes any. */
export interface Style {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** The style of an output. Without colours every text is the same, less the escapes. */
export function styleFor({ columns, colour }: { columns: number; colour: boolean }): Style {
  const { bold, dim, green, yellow, red } = createColors(colour);
  return { columns, bold, dim, good: green, warn: yellow, bad: red };
}

/** Wraps text at the width of the output. Lines after the first begin with `indent`; what stands before the first word stays. */
export function wrap(text: string, columns: number, indent = ''): string {
  const words = text.trimStart();
  const first = text.slice(0, text.length - words.length);
  return wordWrap(words, { width: columns, first, rest: indent, room: visible });
}

/** Characters that take room on the screen: escapes of colours do not. */
const visible = (text: string) => text.replace(ESCAPES, '').length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes of colours begin with one.
const ESCAPES = /\x1b\[\d+m/g;

/** A name and what it stands for; anything falsy is left out, so that a row can depend on a value. */
export type Row = readonly [name: string, text: string] | undefined | false | '';

/** Two columns: names, and what they stand for, wrapped. */
export function pairs(rows: readonly Row[], { columns, dim }: Style): string {
  const shown = rows.filter((row) => !!row);
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  const indent = ' '.repeat(width + 2);
  return shown
    .map(([name, text]) => {
      const lines = wrap(text, Math.max(20, columns - width - 2)).split('\n');
      return `  ${dim(name.padEnd(width))}${lines.join(`\n${indent}`)}`;
    })
    .join('\n');
}

/** A table without lines, for terminals and pipes alike. The last column takes the remaining width, and wraps. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, dim }: Style,
): string {
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => visible(row[index] ?? ''))),
  );
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.max(16, columns - fixed);
  const grid = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
    head: head.map((title) => dim(title)),
  });
  for (const row of rows) grid.push([...row.slice(0, -1), wrap(row.at(-1) ?? '', last)]);
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const SIDES =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';

const NO_LINES = Object.fromEntries(SIDES.split(' ').map((side) => [side, '']));
