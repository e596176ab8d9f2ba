/** `2026-11-21 06:00 UTC`, the form of every time in the demo's output. */
export const timeText = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const WIDTH = 80;

/** Words on lines of at most `width` columns, each beginning with `indent`, the first with `first`. */
export function wrap(text: string, indent = '', first = indent, width = WIDTH): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
