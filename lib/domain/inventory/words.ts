import type { LastUse } from '../console/last-use';
import { utcDay } from '../time';
import { count, enumerated, isMailAddress } from '../wording/text';
import { actorInWords } from '../wording/who';
import type { KeyChange } from './changes';
import { type Difference, holdersOf } from './comparison';
import { flagRow, INVENTORY_FLAGS } from './flags';
import type { Inventory, OrganizationState } from './inventory';
import type { InventoryRow, Party } from './row';

/** A member by its address, anything else by its id. */
const partyInWords = ({ kind, id, email, here }: Party): string =>
  `${email !== undefined && isMailAddress(email) ? email : kind === 'user' ? id : `service account ${id}`}${here === 'gone' ? ' (gone)' : ''}`;

/** Who created a key. */
export const creatorInWords = ({ createdBy }: Pick<InventoryRow, 'createdBy'>): string =>
  createdBy ? partyInWords(createdBy) : 'not recorded';

/** When a key was used last, with no more certainty than there is. */
export function lastUseInWords(use: LastUse): string {
  if (use.kind === 'unknown') return 'not known';
  if (use.kind === 'none') return use.everSince ? 'never' : `none since ${utcDay(use.since)}`;
  const [first, last] = [utcDay(use.from), utcDay(new Date(use.to.getTime() - 1))];
  const alike = first.slice(0, 5) === last.slice(0, 5) ? 5 : 0;
  return first === last ? first : `${first} to ${last.slice(alike)}`;
}

/** The secrets that hold a key. */
export const heldInWords = (row: Pick<InventoryRow, 'held'>): string =>
  enumerated([
    ...holdersOf(row),
    ...row.held.flatMap(({ as, secretName }) => (as === 'claimed' ? [`${secretName}, not managed`] : [])),
  ]);

export const flagsInWords = ({ flags }: Pick<InventoryRow, 'flags'>): string =>
  flags.map((flag) => flagRow(flag).word).join(', ');

/** `disabled on 2026-11-20 by kim@example.com`. */
export function changeInWords({ change, at, by, byParty }: KeyChange): string {
  const who = by ? actorInWords(by) : byParty && partyInWords(byParty);
  return `${change} on ${utcDay(at)}${who ? ` by ${who}` : ''}`;
}

/** `was active, is inactive; now idle; no longer unmanaged`. */
export function differenceInWords({ change, status, began = [], ended = [], heldBy }: Difference): string {
  const words = (flags: readonly string[]) => enumerated(flags.map((flag) => FLAG_WORDS.get(flag) ?? flag));
  if (change === 'vanished') return 'not listed any more';
  return [
    ...(change === 'appeared' ? [began.length > 0 ? `new: ${words(began)}` : 'new'] : []),
    ...(status ? [`was ${status.before}, is ${status.now}`] : []),
    ...(heldBy
      ? [`was in ${enumerated(heldBy.before) || 'no secret'}, is in ${enumerated(heldBy.now) || 'none'}`]
      : []),
    ...(change === 'changed' && began.length > 0 ? [`now ${words(began)}`] : []),
    ...(ended.length > 0 ? [`no longer ${words(ended)}`] : []),
  ].join('; ');
}

const FLAG_WORDS: ReadonlyMap<string, string> = new Map(
  INVENTORY_FLAGS.map(({ flag, word }) => [flag, word]),
);

/** That keys without a secret may have one where nothing could be read. Empty if everything was. */
export const perhapsElsewhere = ({ counts, notRead }: Pick<Inventory, 'counts' | 'notRead'>): string => {
  const keys = counts['perhaps-unmanaged'];
  return keys > 0
    ? `${count(keys, 'active key')} may be in what could not be read, the secrets of ${enumerated(notRead)}, and ${keys === 1 ? 'counts' : 'count'} as ${flagRow('perhaps-unmanaged').word}: disable none for that.`
    : '';
};

/** What could not be read of an organization, and what is therefore not known, a sentence each. */
export const notKnownOf = ({ members, workspaces, uses }: OrganizationState): readonly string[] => [
  ...(members === 'read' ? [] : [`Not known is whether creators of keys are still there: ${members.words}`]),
  ...(workspaces === 'read' ? [] : [`Not known is which workspaces are archived: ${workspaces.words}`]),
  ...('words' in uses ? [`Not known is when keys were used last: ${uses.words}`] : []),
];
