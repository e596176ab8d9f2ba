import { rowNamed } from '../domain/findings/catalogue';
import { readFindingId } from '../domain/findings/finding';
import { OVER } from '../domain/findings/repeat';
import type { UnknownReason } from '../domain/probe/outcomes';
import { count } from '../domain/wording/text';

/** Names of states and notices as people read them. Machines get the public names. */
const spaced = (name: string) => name.replaceAll('-', ' ');

/** What a finding is about: `old key alive, key 4f2c91aa`. */
export function findingInWords(id: string): string {
  const { kind, about } = readFindingId(id);
  const row = rowNamed(kind);
  const name = row?.label ?? spaced(kind);
  return about !== undefined && row && row.about === undefined && /^[0-9a-f]{8,12}$/.test(about)
    ? `${name}, key ${about}`
    : name;
}

/** Which of its reminders a notice was: `first`, `after 7 days`, `14 days before`. A dash where there is only one. */
export function reminderInWords(id: string, reminder: string): string {
  const repeat = rowNamed(readFindingId(id).kind)?.repeat;
  if (reminder === OVER) return 'its end';
  if (!/^\d+$/.test(reminder) || repeat === undefined || repeat === 'each') return '-';
  if (repeat === 'countdown') return `${count(Number(reminder), 'day')} before`;
  return reminder === '0' ? 'first' : `after ${count(Number(reminder), 'day')}`;
}

/** Reasons that their names do not explain. */
const REASONS = {
  'vetoed-401': 'refused, with a header that speaks against a dead key',
  'unsigned-401': "refused, but not shown to be Anthropic's own answer",
  'uncontrolled-401': 'refused, and no other key works beside it',
  'unconfirmed-401': 'refused once',
  'unclear-401': 'refused in an unusual way',
  'unclear-403': 'access refused by another host',
} as const satisfies Readonly<Partial<Record<UnknownReason, string>>>;

/** Why a key has its verdict: `spend limit`. */
export const reasonInWords = (reason: string) =>
  Object.entries(REASONS).find(([name]) => name === reason)?.[1] ?? spaced(reason);

/** ` (spend limit)`, or nothing. */
export const because = (reason: string | undefined) => (reason ? ` (${reasonInWords(reason)})` : '');
