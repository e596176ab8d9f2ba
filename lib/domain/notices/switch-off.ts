import type { KeyRef } from '../observation';
import { hoursOnceMore } from '../policy';
import { keys, makeCurrentWithAws } from './commands';
import type { NoticeContext } from './context';
import { CONSOLE } from './links';
import { hintText } from './plain-text';
import type { Step } from './sheet';
import { hours } from './times';

const which = (key: KeyRef) => ['--key', key.fingerprint] as const;

/** A person disables a key in the Console. */
const disableInConsole = (key: KeyRef, word = 'old'): Step => [
  `Disable the ${word} key in the Claude Console: the row that shows ${hintText(key.hint)}. Disable, not delete: it can be undone.`,
  { link: CONSOLE.keys },
];

/** The old key is switched off by hand, by the function with Admin access where there is one. */
export function switchOff({ key, adminAccess }: NoticeContext, old: KeyRef): Step {
  if (!adminAccess) return disableInConsole(old);
  return [
    'Switch the old key off. It can be undone:',
    { run: keys('retire', key, ...which(old)) },
    `or disable the row that shows ${hintText(old.hint)} in the Claude Console:`,
    { link: CONSOLE.keys },
  ];
}

/** Looks whether somebody still uses a key, before it is switched off. */
export const lookAtUsage = (old: KeyRef): Step => [
  `See in the Claude Console how ${hintText(old.hint)} is still used, and let that service read the secret anew (restart or deploy it):`,
  { link: CONSOLE.usage },
];

/** Stops a leaked key, whoever uses it. */
export function contain({ key, adminAccess }: NoticeContext, leaked: KeyRef, live: boolean): Step {
  const price = live ? ' The service stops until a new key is in; a leak that is proven is worth it.' : '';
  const row = `Disable the leaked key in the Claude Console: the row that shows ${hintText(leaked.hint)}. Disable, not delete: it can be undone.${price}`;
  if (!adminAccess) return [row, { link: CONSOLE.keys }];
  return [
    row,
    { link: CONSOLE.keys },
    'or, in your own checkout of this project:',
    { run: keys('leak', key, ...which(leaked), '--reason', 'WHERE it leaked') },
  ];
}

/** Undoes a switching off. The command also gives the key a deadline, so that it is neither switched off again at once nor forgotten. */
export function switchOn(
  { key, adminAccess, policy }: NoticeContext,
  old: KeyRef,
  when = 'If something broke',
): Step {
  if (!adminAccess)
    return [
      `${when}: enable the row that shows ${hintText(old.hint)} in the Claude Console, then give it a deadline, so that it is not forgotten:`,
      { link: CONSOLE.keys },
      { run: keys('extend', key, ...which(old), '--hours', String(hoursOnceMore(policy))) },
    ];
  return [
    `${when}, switch it on again for ${hours(hoursOnceMore(policy))}, then restart what still holds it:`,
    { run: keys('reactivate', key, ...which(old)) },
  ];
}

/** Goes back to an earlier version that no label of ours keeps for retirement. */
export const makeCurrent = ({ key }: NoticeContext, say: string, to: KeyRef, from: string): Step => [
  say,
  { run: makeCurrentWithAws(key, to.versionId, from) },
];

/** Goes back to an old key that still works. */
export const rollBack = (
  { key }: NoticeContext,
  say: string,
  to: KeyRef,
  from: { readonly versionId: string },
): Step => [
  say,
  { run: makeCurrentWithAws(key, to.versionId, from.versionId) },
  'or, in your own checkout of this project:',
  { run: keys('rollback', key, ...which(to)) },
];

/** Gives the old key more time. */
export const moreTime = ({ key }: NoticeContext, old: KeyRef): Step => [
  'If a service needs the old key for longer, give it two more days:',
  { run: keys('extend', key, ...which(old), '--hours', '48') },
];

/** Ends the watch over a key on a person's word. */
export const attest = ({ key }: NoticeContext, old: KeyRef): Step => [
  'If you saw with your own eyes that it is disabled or deleted there, say so. Put your name in; it is kept as evidence:',
  { run: keys('retire', key, ...which(old), '--attest', 'NAME saw it disabled in the Console') },
];
