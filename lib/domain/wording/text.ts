import { scrub } from '../key';
import { DAY, HOUR, MINUTE, utcMinute } from '../time';

/** How words are set on lines. */
export interface Lines {
  /** Columns of a line; a longer word stands alone. */
  readonly width: number;
  /** What the first line begins with. @default nothing */
  readonly first?: string;
  /** What the others begin with. @default what the first does */
  readonly rest?: string;
  /** Columns that a text takes. @default its characters */
  readonly room?: (text: string) => number;
  /** What stays whole. @default words */
  readonly split?: (text: string) => readonly string[];
}

export function wordWrap(
  text: string,
  { width, first = '', rest = first, room = length, split = words }: Lines,
): string {
  const [word = '', ...more] = split(text);
  const lines: string[] = [];
  let line = first + word;
  for (const next of more) {
    if (room(line) + 1 + room(next) > width) {
      lines.push(line);
      line = rest + next;
    } else line += ` ${next}`;
  }
  return [...lines, line].join('\n');
}

const length = (text: string) => text.length;

const words = (text: string) => text.split(' ');

/** Makes a text from people, tags or servers safe for a mail: one line of printable ASCII, at most `most` characters, without keys and links. */
export function plain(text: string, most = 200): string {
  const line = scrub(text)
    .replace(/…/g, '...')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/gu, '?')
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 3)}...`;
}

/** For a person's words: like `plain`, and also breaks up bare host names, which mail clients turn into links. */
export const freeText = (text: string, most = 200) =>
  plain(text, most).replace(/(?<=\w)\.(?=[a-z]{2})/gi, '[.]');

/** The key's short form; anything of another shape is not printed. */
export const hintText = (hint: string) =>
  /^sk-ant-[\w-]{1,9}…[\w-]{4}$/.test(hint) ? hint : '(unnamed key)';

/** An id or a protocol word, e.g. a request id or an error type; anything of another shape is not printed. */
export const token = (text: string | undefined) =>
  text !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$/.test(text) ? text : undefined;

const LOCAL_PART = '(?=.{1,64}@)[\\w+-]+(?:\\.[\\w+-]+)*';
const LABEL = '(?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${LOCAL_PART}@(?:[A-Za-z0-9]${LABEL}\\.)+[A-Za-z]${LABEL}$`);

/**
 * Whether a text is an e-mail address that a subscription, its filter, a tag and a mail can all hold. SNS takes no umlauts, and a tag no quotes; of
 * the other characters that mail allows, such as `=` and `/`, none is in common use.
 */
export const isMailAddress = (text: string) => text.length <= 120 && ADDRESS.test(text);

/** The rule of `isMailAddress` in words. */
export const MAIL_ADDRESS_RULE =
  'an e-mail address of letters without accents, digits and . _ + - (at most 64 before the @, and 120 in all)';

/** The owner's address; anything that is no address is not printed. */
export const address = (text: string) => (isMailAddress(text) ? text : '(no valid address)');

/** `2026-12-05 14:00 UTC`. */
export const absolute = (date: Date) => `${utcMinute(date)} UTC`;

/** `in 14 days`, `3 hours ago`, `now`. */
function relative(date: Date, now: Date): string {
  const distance = date.getTime() - now.getTime();
  const size = duration(Math.abs(distance));
  if (size === undefined) return 'now';
  return distance > 0 ? `in ${size}` : `${size} ago`;
}

/** `2026-12-05 14:00 UTC (in 14 days)`. */
export const moment = (date: Date, now: Date) => `${absolute(date)} (${relative(date, now)})`;

/** `13 days left`, `21 hours left`: as many as `moment` says, so that subject and text of a mail agree. */
export const left = (date: Date, now: Date) =>
  `${duration(Math.max(0, date.getTime() - now.getTime())) ?? 'no time'} left`;

/** The next whole minute, so that a moment in a mail is never earlier than meant. */
export const minuteAfter = (date: Date) => new Date(Math.ceil(date.getTime() / MINUTE) * MINUTE);

/** `14 days`, `1 day`. */
export const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** `a`, `a and b`, `a, b and c`. */
export const enumerated = (all: readonly string[]) => new Intl.ListFormat('en-GB').format(all);

/** `97 of 90 days`; a key of unknown age has a dash. */
export const ages = ({ ageDays, maxAgeDays }: { readonly ageDays?: number; readonly maxAgeDays: number }) =>
  `${ageDays === undefined ? '-' : ageDays} of ${maxAgeDays} days`;

/** `48 hours`, `1 hour`; whole days from four days on. */
export const hours = (number: number) =>
  number >= 96 && number % 24 === 0 ? count(number / 24, 'day') : count(number, 'hour');

/** `5 minutes`, `1 hour`, `2 days`: the largest unit that leaves no rest. */
export function minutes(number: number): string {
  if (number % (24 * 60) === 0) return count(number / (24 * 60), 'day');
  return number % 60 === 0 ? count(number / 60, 'hour') : count(number, 'minute');
}

function duration(milliseconds: number): string | undefined {
  if (milliseconds >= 2 * DAY) return count(Math.round(milliseconds / DAY), 'day');
  if (milliseconds >= HOUR) return count(Math.round(milliseconds / HOUR), 'hour');
  const minutes = Math.round(milliseconds / MINUTE);
  return minutes === 0 ? undefined : count(minutes, 'minute');
}

/** Mails are read in 80 columns. Only commands and addresses, which must stay whole, may be longer. */
const WIDTH = 78;

/** How far the text of a part, the text below a step's number, and a step's command are indented. */
export const BODY = '  ';
export const INNER = '     ';
const COMMAND = '       ';

export const wrap = (text: string, first = '', rest = first) => wordWrap(text, { width: WIDTH, first, rest });

/** A part of a mail: a heading over its indented blocks. */
export const section = (heading: string, blocks: readonly string[]) => `${heading}\n\n${blocks.join('\n\n')}`;

export const paragraph = (text: string) => wrap(text, BODY);

/** For what must stay whole, such as a command or an address. */
export const whole = (text: string, indent = COMMAND) => text.replace(/^/gm, indent);

/** Names and what they stand for, aligned. */
export function list(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${BODY}${name.padEnd(width)}  ${text}`).join('\n');
}
