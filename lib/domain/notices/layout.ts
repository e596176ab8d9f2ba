import { wordWrap } from '../word-wrap';
import type { Piece, Step } from './sheet';

/** Mails are read in 80 columns; only commands and addresses, which must stay whole, may be longer. */
const WIDTH = 78;
const BODY = '  ';
const INNER = '     ';
const COMMAND = '       ';

/** Words of a text on lines that fit, the first after `first`, the others after `rest`. */
export const wrap = (text: string, first = '', rest = first) => wordWrap(text, { width: WIDTH, first, rest });

/** A part of a mail: its heading, and its paragraphs set in from it. */
export const section = (heading: string, blocks: readonly string[]) => `${heading}\n\n${blocks.join('\n\n')}`;

export const paragraph = (text: string) => wrap(text, BODY);

/** A line that must stay whole, such as a command or an address. */
export const whole = (text: string, indent = COMMAND) =>
  text
    .split('\n')
    .map((line) => indent + line)
    .join('\n');

/** Names and what they stand for, aligned. */
export function list(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${BODY}${name.padEnd(width)}  ${text}`).join('\n');
}

/** Steps under their numbers, commands set off by blank lines. */
export const numbered = (steps: readonly Step[]) =>
  steps.map(([first, ...more], index) =>
    [wrap(first, `${BODY}${index + 1}. `, INNER), ...more.map(piece)]
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd(),
  );

function piece(part: Piece): string {
  if (typeof part === 'string') return wrap(part, INNER);
  if ('run' in part) return `\n${whole(part.run)}\n`;
  if ('link' in part) return whole(part.link, INNER);
  return part.points.map((point) => wrap(point, `${INNER}- `, `${INNER}  `)).join('\n');
}
