import type { Content, KeyRef } from '../key';
import { hoursOnceMore, type KeyIdentity } from '../policy';
import { DAY, HOUR, plus, utcDay } from '../time';
import { CONSOLE, checkWithAws, keys, makeCurrentWithAws, placeOf, submitWithAws } from './commands';
import type { EditCause } from './phrases';
import type { NoticeContext, Piece, Step } from './sheet';
import { absolute, count, freeText, hintText, hours, token } from './text';

const IN_CHECKOUT = 'or, in your own checkout of this project:';

/** Days beyond age and grace period, so that a key's own expiry never comes before our deadline. */
const SPARE_DAYS = 7;

/** A name for the key in the Console that says whose it is and when it was made: `prod-api-gateway-2026-11-21`. */
export function suggestedName({ key, now }: NoticeContext): string {
  const name = `${key.environment}-${key.service}`.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 80);
  return `${name}-${utcDay(now)}`;
}

/** Create, submit, wait: for a planned rotation, with good practice for the Console. */
export const rotate = (context: NoticeContext): readonly Step[] => [
  create(context),
  submit(context),
  [
    `${WAIT} The old key is then kept for another ${hours(context.policy.graceHours)}, so that no service is interrupted.`,
  ],
];

/** Create, submit, wait: for a service that has no key to lose. */
export const putInFirstKey = (context: NoticeContext): readonly Step[] => [
  create(context),
  submit(context),
  [WAIT],
];

/** Create, submit, wait: where time counts, in as few words as possible. `opening` ties it to the previous step. */
export const putInAnotherKey = (context: NoticeContext, opening = 'Create'): readonly Step[] => [
  [
    `${opening} a new key in the Claude Console${inWorkspace(context)}, for a service account, named ${suggestedName(context)}, with expiry ${utcDay(expiry(context))}:`,
    { link: CONSOLE.keys },
  ],
  submit(context),
  [WAIT],
];

const WAIT =
  'Wait for the mail that the new key is live; it comes within minutes. The key is tested first: if the test fails, nothing changes and a mail says why.';

const graceDays = ({ policy }: NoticeContext) => Math.ceil(policy.graceHours / 24);

const expiry = (context: NoticeContext) =>
  plus(context.now, (context.policy.maxAgeDays + graceDays(context) + SPARE_DAYS) * DAY);

function inWorkspace({ home }: NoticeContext): string {
  const workspace = token(home?.workspaceId);
  return workspace ? `, in workspace ${workspace}` : '';
}

const create = (context: NoticeContext): Step => [
  `Create a new key in the Claude Console${inWorkspace(context)}:`,
  { link: CONSOLE.keys },
  {
    points: [
      'Owner: a service account. A personal key stops working when its owner leaves.',
      `Name: ${suggestedName(context)}`,
      `Expiry: ${utcDay(expiry(context))} (${count(context.policy.maxAgeDays, 'day')} of use, ${graceDays(context)} of grace, ${SPARE_DAYS} spare)`,
      'Workspace: spend limit slightly above its budget, alerts at 50, 75, 90 and 100%',
    ],
  },
];

/** For an old key that another secret seems to use: each service needs its own key, or a leak in one stops both. */
export const ownKeyFirst = (secretName: string | undefined): readonly Step[] =>
  secretName === undefined
    ? []
    : [
        [
          `Look at the secret ${freeText(secretName)} first. If its service uses this key, have a key of its own created and submitted for it.`,
        ],
      ];

/** With plain AWS commands, or from the team's own checkout. */
function submit({ key }: NoticeContext): Step {
  const { account } = placeOf(key);
  return [
    `Submit it from your own terminal, in bash or zsh${account ? ` signed in to AWS account ${account}` : ''}.`,
    'Paste the whole block; it then asks for the key:',
    { run: submitWithAws(key) },
    IN_CHECKOUT,
    { run: keys('submit', key) },
  ];
}

const which = (key: KeyRef) => ['--key', key.fingerprint] as const;

/** What a person does in the Console with the old key, or the `word` one. */
export const disableInConsole = (hint: string, word = 'old') =>
  `Disable the ${word} key in the Claude Console: the row that shows ${hintText(hint)}. Disable it, do not delete it: disabling can be undone.`;

/** Through the function with Admin access where there is one, otherwise in the Console. */
export function switchOff({ key, adminAccess }: NoticeContext, old: KeyRef): Step {
  if (!adminAccess) return [disableInConsole(old.hint), { link: CONSOLE.keys }];
  return [
    'Switch off the old key. This can be undone:',
    { run: keys('retire', key, ...which(old)) },
    `or disable the row that shows ${hintText(old.hint)} in the Claude Console:`,
    { link: CONSOLE.keys },
  ];
}

/** Finds out who still uses a key before it is switched off. */
export const lookAtUsage = (old: KeyRef): Step => [
  `Check in the Claude Console how ${hintText(old.hint)} is still used, and have that service read the secret again (restart or deploy it):`,
  { link: CONSOLE.usage },
];

/** Stops a leaked key, whoever uses it. */
export function contain({ key, adminAccess }: NoticeContext, leaked: KeyRef, live: boolean): Step {
  const price = live ? ' The service stops until a new key is live; for a proven leak that is worth it.' : '';
  const disable: Step = [disableInConsole(leaked.hint, 'leaked') + price, { link: CONSOLE.keys }];
  if (!adminAccess) return disable;
  return [
    ...disable,
    IN_CHECKOUT,
    { run: keys('leak', key, ...which(leaked), '--reason', 'WHERE it leaked') },
  ];
}

/** Switches a key on again, with a new deadline: otherwise it would be switched off again at once, or forgotten. */
export function switchOn(
  { key, adminAccess, policy, now }: NoticeContext,
  old: KeyRef,
  when = 'If something broke',
): Step {
  if (!adminAccess)
    return [
      `${when}: enable the row that shows ${hintText(old.hint)} in the Claude Console, then give it a deadline so that it is not forgotten:`,
      { link: CONSOLE.keys },
      { run: extendTo(key, old, plus(now, hoursOnceMore(policy) * HOUR)) },
    ];
  return [
    `${when}, switch it on again for ${hours(hoursOnceMore(policy))}, then restart what still uses it:`,
    { run: keys('reactivate', key, ...which(old)) },
  ];
}

/** Goes back to an earlier version that has no retirement label, which the `rollback` command needs. */
export const makeCurrent = ({ key }: NoticeContext, say: string, to: KeyRef, from: string): Step => [
  say,
  { run: makeCurrentWithAws(key, to.versionId, from) },
];

/** Goes back to an old key that still works. */
export const rollBack = (
  context: NoticeContext,
  say: string,
  to: KeyRef,
  from: string,
  ...options: readonly string[]
): Step => [
  ...makeCurrent(context, say, to, from),
  IN_CHECKOUT,
  { run: keys('rollback', context.key, ...which(to), ...options) },
];

/** Two days beyond the end that the mail states, or from now on if that is over. */
export function moreTime({ key, now }: NoticeContext, old: KeyRef, end: Date): Step {
  const until = plus(end > now ? end : now, 2 * DAY);
  return [
    `If a service needs the old key for longer, give it two more days, until ${absolute(until)}:`,
    { run: extendTo(key, old, until) },
  ];
}

/** By the moment, never by hours: whenever it is run, and however often, the key gets what the mail says. */
const extendTo = (key: KeyIdentity, old: KeyRef, until: Date) =>
  keys('extend', key, ...which(old), '--until', `${until.toISOString().slice(0, 16)}Z`);

/** Counts a key as dead on a person's word. */
export const attest = ({ key }: NoticeContext, old: KeyRef): Step => [
  'If you have seen for yourself that it is disabled or deleted there, say so. Put in your name; it is kept as evidence:',
  { run: keys('retire', key, ...which(old), '--attest', 'NAME saw it disabled in the Console') },
];

/** The commands that check a key at once: without a checkout, and with one. */
export const checkNow = ({ key, checkFunction }: NoticeContext): readonly Piece[] => [
  ...(checkFunction ? [{ run: checkWithAws(key, checkFunction) }, IN_CHECKOUT] : []),
  { run: keys('check', key) },
];

/** Where a wrong paste remains. */
export const READABLE =
  'stays readable in the version history of the secret for everybody who may read the secret';

/** A key from elsewhere may be another team's live key, so nobody here may disable it. Source: docs/adr/0009. */
export const findItsTeam: Step = [
  `Find out whose key it is: it ${READABLE}. If a service uses it, its team replaces it first; then disable it:`,
  { link: CONSOLE.keys },
];

/** `good`: the key before it, which nobody is to disable. */
export const revokePaste = (
  cause: EditCause,
  what: Content,
  good: KeyRef | undefined,
  { key }: NoticeContext,
): Step => {
  if (cause === 'elsewhere') return findItsTeam;
  if (what.kind === 'key' && what.fingerprint === good?.fingerprint)
    return ['It is the same key, so there is nothing to revoke. Do not disable it.'];
  if (cause !== 'malformed' || what.kind !== 'key')
    return [`What was pasted ${READABLE}. If it was a key or another secret, revoke it at its source.`];
  return [
    `If ${hintText(what.hint)} is meant to be the new key, submit it, and it is put in its place. Otherwise disable it in the Claude Console: it ${READABLE}.`,
    { run: keys('submit', key) },
  ];
};
