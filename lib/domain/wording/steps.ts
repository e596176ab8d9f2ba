import type { Content, KeyRef } from '../key';
import { hoursOnceMore } from '../policy';
import { DAY, HOUR, later, plus, utcDay } from '../time';
import * as actions from './actions';
import { CONSOLE } from './commands';
import type { EditCause } from './phrases';
import type { NoticeContext, Step } from './sheet';
import { absolute, count, freeText, hintText, hours, minuteAfter, token } from './text';

/** Days beyond age and grace period, so that a key's own expiry never comes before our deadline. */
const SPARE_DAYS = 7;

/** A name for the key in the Console that says whose it is and when it was made: `prod-api-gateway-2026-11-21`. */
export function suggestedName({ key, now }: Pick<NoticeContext, 'key' | 'now'>): string {
  const name = `${key.environment}-${key.service}`.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 80);
  return `${name}-${utcDay(now)}`;
}

/** Create, submit, wait: for a planned rotation, with good practice for the Console. */
export const rotate = (context: NoticeContext): readonly Step[] => [
  create(context, 'Create', goodPractice(context)),
  submit(context),
  [
    `${WAIT} The old key is then kept for another ${hours(context.policy.graceHours)}, so that no service is interrupted.`,
  ],
];

/** Create, submit, wait: for a service that has no key to lose. */
export const putInFirstKey = (context: NoticeContext): readonly Step[] => [
  create(context, 'Create', goodPractice(context)),
  submit(context),
  [WAIT],
];

/** Create, submit, wait: where time counts, in as few words as possible. `opening` ties it to the previous step. */
export const putInAnotherKey = (context: NoticeContext, opening = 'Create'): readonly Step[] => [
  create(context, opening),
  submit(context),
  [WAIT],
];

/** The same where the submission before has only just failed, and may still be in the way. */
export const replaceSubmission = (context: NoticeContext, opening: string): readonly Step[] => [
  create(context, opening),
  submit(context, 'replace'),
  [`${WAIT} ${UNFINISHED}`],
];

/** What the second command of the block answers while the rotation of an earlier submission is under way. */
export const UNFINISHED =
  'If AWS answers that a previous rotation is not complete, the next check goes on with the new key.';

const WAIT =
  'Wait for the mail that the new key is live; it comes within minutes. The key is tested first: if the test fails, nothing changes and a mail says why.';

const graceDays = ({ policy }: Pick<NoticeContext, 'policy'>) => Math.ceil(policy.graceHours / 24);

/** When a new key is to expire at Anthropic. */
export const expiry = (context: Pick<NoticeContext, 'policy' | 'now'>) =>
  plus(context.now, (context.policy.maxAgeDays + graceDays(context) + SPARE_DAYS) * DAY);

export function inWorkspace({ home }: NoticeContext): string {
  const workspace = token(home?.workspaceId);
  return workspace ? `, in workspace ${workspace}` : '';
}

const create = (context: NoticeContext, opening: string, advice: readonly string[] = []): Step => [
  `${opening} a new key in the Claude Console${inWorkspace(context)}, for a service account, named ${suggestedName(context)}, with expiry ${utcDay(expiry(context))}:`,
  { link: CONSOLE.keys },
  ...(advice.length > 0 ? [{ ofNewKey: advice }] : []),
];

const OWNER = 'Owner: a service account. A personal key stops working when its owner leaves.';
const WORKSPACE = 'Workspace: spend limit slightly above its budget, alerts at 50, 75, 90 and 100%.';

/** Good practice for any key. */
export const FOR_EVERY_KEY = [OWNER, WORKSPACE] as const;

const goodPractice = (context: NoticeContext): readonly string[] => [
  OWNER,
  `Expiry: ${count(context.policy.maxAgeDays, 'day')} of use, ${graceDays(context)} of grace, ${SPARE_DAYS} spare.`,
  WORKSPACE,
];

/** For an old key that another secret seems to use: each service needs its own key, or a leak in one stops both. */
export const ownKeyFirst = (secretName: string | undefined): readonly Step[] =>
  secretName === undefined
    ? []
    : [
        [
          `Look at the secret ${freeText(secretName)} first. If its service uses this key, have one of its own created and submitted for it.`,
        ],
      ];

const submit = (context: NoticeContext, replace?: 'replace'): Step => [
  'Submit it from your terminal.',
  'Paste the whole block; it then asks for the key.',
  actions.submit(context, replace),
];

/** What a person does in the Console with the old key, or the `word` one. */
export const disableInConsole = (hint: string, word = 'old') =>
  `Disable the ${word} key in the Claude Console: the row that shows ${hintText(hint)}. Do not delete it: disabling can be undone.`;

/** Through the function with Admin access where there is one, otherwise in the Console. */
export function switchOff(context: NoticeContext, old: KeyRef): Step {
  if (!context.adminAccess) return [disableInConsole(old.hint), { link: CONSOLE.keys }];
  return [
    'Switch off the old key. This can be undone:',
    actions.retire(context, old),
    `or disable the row that shows ${hintText(old.hint)} in the Claude Console:`,
    { link: CONSOLE.keys },
  ];
}

/** Finds out who still uses a key before it is switched off. */
export const lookAtUsage = ({ needsNoKey }: NoticeContext, old: KeyRef): Step => [
  `Check in the Claude Console how ${hintText(old.hint)} is still used, and ${needsNoKey ? 'have that service work without a key. Do not restart it before: the secret holds none' : 'have that service read the secret again (restart or deploy it)'}:`,
  { link: CONSOLE.usage },
];

/** Stops a leaked key, whoever uses it. */
export function contain(context: NoticeContext, leaked: KeyRef, live: boolean): Step {
  const price = live ? ' The service stops until a new key is live; for a proven leak that is worth it.' : '';
  if (!context.adminAccess) return [disableInConsole(leaked.hint, 'leaked') + price, { link: CONSOLE.keys }];
  return [
    `Switch off the leaked key now. This can be undone.${price}`,
    actions.leak(context, leaked, 'reported before and still works'),
    `or disable the row that shows ${hintText(leaked.hint)} in the Claude Console. Do not delete it:`,
    { link: CONSOLE.keys },
  ];
}

/** What a person does about any leak, however the key was stopped. */
export const findTheLeak: Step = [
  "Find the leak and close it: search code, logs, tickets, chats and images. Review the key's usage since the day it may have leaked, and open an incident.",
];

/** For a key that Anthropic disabled, which no person has reported as leaked yet. */
export const afterALeak = (context: NoticeContext, key: KeyRef, isMarked: boolean): readonly Step[] => [
  findTheLeak,
  ...(isMarked
    ? []
    : [
        [
          'Leave it off. Mark it as leaked, so that nothing goes back to it:',
          // It is off already, so nobody needs Admin access for this.
          actions.leak({ ...context, adminAccess: false }, key, 'disabled by Anthropic'),
        ] as const,
      ]),
];

/** Stops a live key that strangers seem to use. */
export const stopSuspect = (context: NoticeContext, key: KeyRef, reason: string): Step => [
  `If it is not, stop it now: disable the row that shows ${hintText(key.hint)} in the Claude Console. That can be undone. The service stops until a new key is live.`,
  { link: CONSOLE.keys },
  context.adminAccess
    ? 'This command does so, too, and marks the key as leaked:'
    : 'Then mark it as leaked, so that nothing goes back to it:',
  actions.leak(context, key, reason),
];

/** Switches a key on again, with a new deadline: otherwise it would be switched off again at once, or forgotten. */
export function switchOn(
  context: NoticeContext,
  old: KeyRef,
  {
    when = 'If something broke',
    leaked = false,
    live = false,
  }: { readonly when?: string; readonly leaked?: boolean; readonly live?: boolean } = {},
): Step {
  const long = hours(hoursOnceMore(context.policy));
  if (!context.adminAccess)
    return [
      `${when}: enable the row that shows ${hintText(old.hint)} in the Claude Console, then keep it for ${long}, so that it is not forgotten:`,
      { link: CONSOLE.keys },
      actions.keepOnceMore(context, old),
    ];
  const then = context.needsNoKey ? 'then go back to it with rollback' : 'then restart what still uses it';
  return [
    `${when}, switch ${live ? 'the key' : 'the old key'} on again${live ? '' : ` for ${long}`}, ${then}:`,
    actions.reactivate(context, old, { leaked, live }),
  ];
}

/** Hours that a mail offers for an old key. */
const MORE_HOURS = 48;

/** Gives the old key two days more than it has: a function adds up to 14 days at once. */
export function moreTime(context: NoticeContext, old: KeyRef, ends: Date): Step {
  const until = minuteAfter(plus(later(context.now, ends), MORE_HOURS * HOUR));
  return [
    `If it is still needed, keep the old key until ${absolute(until)}:`,
    actions.extend(context, old, until),
  ];
}

/** Goes back to an earlier version whose key was accepted and has no deadline. */
export const makeCurrent = (context: NoticeContext, say: string, to: KeyRef, from: string): Step => [
  say,
  actions.makeCurrent(context, to, from),
];

/** Goes back to an old key that still works. */
export const rollBack = (context: NoticeContext, say: string, to: KeyRef, even?: 'home-unknown'): Step => [
  say,
  actions.rollBack(context, to, even),
];

/** Counts a key as dead on a person's word. */
export const attest = (context: NoticeContext, fingerprint: string, opening: string): Step => [
  `${opening} say so. It asks for your name, which is kept as evidence:`,
  actions.attest(context, fingerprint),
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
  context: NoticeContext,
): Step => {
  if (cause === 'elsewhere') return findItsTeam;
  if (what.kind === 'key' && what.fingerprint === good?.fingerprint)
    return ['It is the same key, so there is nothing to revoke. Do not disable it.'];
  if (cause !== 'malformed' || what.kind !== 'key')
    return [`What was pasted ${READABLE}. If it was a key or another secret, revoke it at its source.`];
  return [
    `If ${hintText(what.hint)} is meant to be the new key, submit it, and it is put in its place. Otherwise disable it in the Claude Console: it ${READABLE}.`,
    actions.submit(context),
  ];
};
