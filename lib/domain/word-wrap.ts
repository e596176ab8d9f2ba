/** Where and how words are set on lines. */
export interface Lines {
  /** Columns that a line may take; a longer word stands alone. */
  readonly width: number;
  /** What the first line begins with. @default nothing */
  readonly first?: string;
  /** What the others begin with. @default what the first does */
  readonly rest?: string;
  /** Columns that a text takes. @default its characters */
  readonly room?: (text: string) => number;
}

/** Words of a text on lines that fit. */
export function wordWrap(text: string, { width, first = '', rest = first, room = length }: Lines): string {
  const [word = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = first + word;
  for (const next of words) {
    if (room(line) + 1 + room(next) > width) {
      lines.push(line);
      line = rest + next;
    } else line += ` ${next}`;
  }
  return [...lines, line].join('\n');
}

const length = (text: string) => text.length;
