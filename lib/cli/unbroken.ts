import { CALLS } from './call';

/** How a command begins: this project's, AWS's, and one for a folder. */
const PROGRAMS = [...CALLS.map((call) => call.split(' ')), ['aws'], ['npm', '--prefix']];

/** Prose with a command in it names a verb and what it is about before it goes on. Flags and their values come as they are. */
const MOST_OPERANDS = 2;

/**
 * Divides a text at its blanks, except those within a command: what is copied from the screen must reach the shell in one piece. A command is what
 * stands between backticks, or what begins like one and goes on like one.
 */
export function unbroken(text: string): readonly string[] {
  const words = text.split(' ');
  const units: string[] = [];
  for (let at = 0; at < words.length; ) {
    const end = endOfCode(words, at) ?? endOfCommand(words, at) ?? at + 1;
    units.push(words.slice(at, end).join(' '));
    at = end;
  }
  return units;
}

/** Behind the word that closes the backtick which this one opens. */
function endOfCode(words: readonly string[], at: number): number | undefined {
  if (!/^[^`]*`[^`]*$/.test(words[at]!)) return undefined;
  const closing = words.findIndex((word, index) => index > at && word.includes('`'));
  return closing < 0 ? undefined : closing + 1;
}

function endOfCommand(words: readonly string[], at: number): number | undefined {
  const program = PROGRAMS.find((names) =>
    names.every((name, index) => (words[at + index] ?? '').replace(index > 0 ? '' : OPENING, '') === name),
  );
  if (!program) return undefined;
  let next = at + program.length;
  let operands = 0;
  for (let takesValue = false; next < words.length; ) {
    const word = words[next]!;
    const isFlag = word.startsWith('-');
    const isOperand = !isFlag && !takesValue && !/^[[<]/.test(word);
    if (word === '' || (isOperand && ++operands > MOST_OPERANDS)) break;
    next = endOfQuotes(words, next);
    if (ENDS_SENTENCE.test(words[next - 1]!)) break;
    takesValue = isFlag && !word.includes('=');
  }
  return next;
}

const OPENING = /^[(“"]+/;
const ENDS_SENTENCE = /[.,;:!?)”]$/;

/** Behind the word that closes the quotes which this one opens, where there is one. */
function endOfQuotes(words: readonly string[], at: number): number {
  const [, quote] = /^(?:[^'"]*=)?(['"])/.exec(words[at]!) ?? [];
  if (!quote) return at + 1;
  let open = false;
  for (let next = at; next < words.length; next += 1) {
    for (const sign of words[next]!) if (sign === quote) open = !open;
    if (!open) return next + 1;
  }
  return at + 1;
}
