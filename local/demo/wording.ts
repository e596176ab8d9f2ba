import { wordWrap } from '../../lib/domain/wording/text';

/** `2026-11-21 06:00 UTC`, the form of every time in the demo's output. */
export const timeText = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const WIDTH = 80;

/** Words of a text on lines that fit, the first after `first`, the others after `rest`. */
export const wrap = (text: string, rest = '', first = rest) => wordWrap(text, { width: WIDTH, first, rest });

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
