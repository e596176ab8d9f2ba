import { randomInt } from 'node:crypto';
import stringWidth from 'string-width';
import { wordWrap } from '../domain/wording/text';
import { unbroken } from './unbroken';

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
  const paint = (on: number, off: number) => (text: string) =>
    colour ? `${signed(on)}${text}${signed(off)}` : text;
  return {
    columns,
    bold: paint(1, 22),
    dim: paint(2, 22),
    good: paint(32, 39),
    warn: paint(33, 39),
    bad: paint(31, 39),
  };
}

/**
 * Colours are signed until they reach the screen: whoever writes an escape into a tag or a label does not know this number, so `clean` tells theirs
 * from ours.
 */
const SIGNATURE = `${randomInt(1000, 10_000)};${randomInt(1000, 10_000)}`;
const signed = (code: number) => `\x1b[${SIGNATURE};${code}m`;
const SIGNED = new RegExp(`(\\x1b\\[${SIGNATURE};\\d+m)`);

/** What a terminal obeys instead of showing it: control characters, escapes, and signs that turn the direction of text or cannot be seen. */
const INVISIBLE = /(?!\n|\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{DI}]/gu;

/** A text that a terminal only shows. Of its escapes those stay that a `Style` wrote. */
export const clean = (text: string) =>
  text
    .split(SIGNED)
    .map((part, index) =>
      index % 2 === 0
        ? part.replace(/\r\n/g, '\n').replace(/\t/g, ' ').replace(INVISIBLE, '\ufffd')
        : part.replace(`${SIGNATURE};`, ''),
    )
    .join('');

/** JSON that a terminal only shows: what it would obey is escaped, so that a machine reads the very text. */
export const toJson = (value: unknown) =>
  JSON.stringify(value, null, 2).replace(INVISIBLE, (sign) =>
    Array.from({ length: sign.length }, (_, index) => escaped(sign.charCodeAt(index))).join(''),
  );

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;

/** A blank at which no line may be broken. `layOut` turns it into a plain one. */
const FIXED_BLANK = '\u00a0';

/** Keeps the lines of a text as they are, such as those of a table, of JSON and of YAML. */
export const whole = (text: string) => text.replaceAll(' ', FIXED_BLANK);

/** The last step before the screen: lines that are too long are wrapped at their own indent. A command stays on one line, however long. */
export const layOut = (text: string, columns: number) =>
  text
    .split('\n')
    .map((line) =>
      stringWidth(line) <= columns
        ? line
        : wrap(line, columns, /^[ \u00a0]*/.exec(line)![0]).replace(/ +$/gm, ''),
    )
    .join('\n')
    .replaceAll(FIXED_BLANK, ' ');

/** Wraps text at the width of the output. Lines after the first begin with `indent`; what stands before the first word stays. */
export function wrap(text: string, columns: number, indent = ''): string {
  const line = oneLine(text);
  const words = line.trimStart();
  const first = line.slice(0, line.length - words.length);
  return wordWrap(words, { width: columns, first, rest: indent, room: stringWidth, split: unbroken });
}

/** Line breaks in a value must not begin a line of their own, which could say anything. */
const oneLine = (text: string) => text.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ');

/** A name and what it stands for; anything falsy is left out, so that a row can depend on a value. */
export type Row = readonly [name: string, text: string] | undefined | false | '';

/** Two columns: names, and what they stand for, wrapped. */
export function pairs(rows: readonly Row[], { columns, dim }: Style): string {
  const shown = rows.filter((row) => !!row);
  const width = Math.max(0, ...shown.map(([name]) => stringWidth(name))) + 2;
  const indent = ' '.repeat(width + 2);
  const lines = shown.map(([name, text]) => {
    const wrapped = wrap(text, Math.max(20, columns - width - 2)).split('\n');
    return `  ${dim(padded(oneLine(name), width))}${wrapped.join(`\n${indent}`)}`;
  });
  return whole(lines.join('\n'));
}

const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** Below this the last column is no column any more. */
const LEAST = 16;

/**
 * A table without lines, for terminals and pipes alike. The last column takes the remaining width, and wraps. On a screen that is too narrow every
 * row is a paragraph of its own.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const { columns, dim } = style;
  const cells = rows.map((row) => row.map(oneLine));
  const widths = head.map((title, index) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[index] ?? ''))),
  );
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  if (fixed + Math.min(LEAST, widths.at(-1)!) > columns) return paragraphs(head, cells, style);
  const room = Math.max(LEAST, columns - fixed);
  const lines = [head.map((title) => dim(title)), ...cells].map((row) => {
    const before = row.slice(0, -1).map((cell, index) => padded(cell, widths[index]! + 2));
    const last = wrap(row.at(-1) ?? '', room).replaceAll('\n', `\n${' '.repeat(fixed)}`);
    return `${before.join('')}${last}`.trimEnd();
  });
  return whole(lines.join('\n'));
}

const paragraphs = (head: readonly string[], rows: readonly (readonly string[])[], style: Style) =>
  rows
    .map(([first = '', ...row]) => {
      const named = row.map((cell, index): Row => cell !== '' && [head[index + 1]!, cell]);
      return `${first}\n${pairs(named, style)}`;
    })
    .join('\n');
