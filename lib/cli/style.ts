import { createColors } from 'picocolors';
import { wordWrap } from '../domain/wording/text';

/** How text is set for one output: its width and whether it takes colours. */
export interface Style {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** The style of an output. Without colours every text is as it would be with them, less the escapes. */
export function styleFor({ columns, colour }: { columns: number; colour: boolean }): Style {
  const { bold, dim, green, yellow, red } = createColors(colour);
  return { columns, bold, dim, good: green, warn: yellow, bad: red };
}

/** Wraps text at the width of the output; lines after the first begin with `indent`. What stands before the first word stays. */
export function wrap(text: string, columns: number, indent = ''): string {
  const words = text.trimStart();
  const first = text.slice(0, text.length - words.length);
  return wordWrap(words, { width: columns, first, rest: indent, room: visible });
}

/** Characters that take room: the escapes of colours take none. */
export const visible = (text: string) => text.replace(ESCAPES, '').length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes of colours begin with one.
const ESCAPES = /\x1b\[\d+m/g;

/** Two columns: names, and what they stand for, wrapped. */
export function pairs(rows: readonly (readonly [string, string])[], { columns, dim }: Style): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const indent = ' '.repeat(width);
  return rows
    .map(([name, text]) => {
      const [first = '', ...rest] = wrap(text, Math.max(20, columns - width - 2)).split('\n');
      return [`  ${dim(name.padEnd(width))}${first}`, ...rest.map((line) => `  ${indent}${line}`)].join('\n');
    })
    .join('\n');
}
