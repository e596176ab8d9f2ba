import { DAY, plus, utcDay } from '../time';
import { keys, submitWithAws } from './commands';
import { type NoticeContext, placeOf } from './context';
import { CONSOLE } from './links';
import { token } from './plain-text';
import type { Step } from './sheet';
import { count, hours } from './times';

/** Days beyond age and grace, so that a key's own expiry never comes before our deadline. */
const SPARE_DAYS = 7;

/** A name for the key in the Console that says whose it is and from when: `prod-api-gateway-2026-11-21`. */
export function suggestedName({ key, now }: NoticeContext): string {
  const name = `${key.environment}-${key.service}`.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 80);
  return `${name}-${utcDay(now)}`;
}

/** Make a key, hand it in, wait: for a planned rotation, with the Console steps of good practice. */
export const rotate = (context: NoticeContext): readonly Step[] => [
  create(context),
  submit(context),
  [
    `${WAIT} The old key is then kept for another ${hours(context.policy.graceHours)}, so that no service meets a gap.`,
  ],
];

/** Make a key, hand it in, wait: for a service that has no key to lose. */
export const putInFirstKey = (context: NoticeContext): readonly Step[] => [
  create(context),
  submit(context),
  [WAIT],
];

/** Make a key, hand it in, wait: where time counts, in no word more than needed. `opening` ties it to the step before. */
export const putInAnotherKey = (context: NoticeContext, opening = 'Create'): readonly Step[] => [
  [
    `${opening} a new key in the Claude Console${inWorkspace(context)}, for a service account, named ${suggestedName(context)}, with expiry ${utcDay(expiry(context))}:`,
    { link: CONSOLE.keys },
  ],
  submit(context),
  [WAIT],
];

const WAIT =
  'Wait for the mail that the new key is live; it comes within minutes. The key is tested first: if it fails, nothing changes and a mail says why.';

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
      'Owner: a service account. A personal key dies when its person leaves.',
      `Name: ${suggestedName(context)}`,
      `Expiry: ${utcDay(expiry(context))} (${count(context.policy.maxAgeDays, 'day')} of use, ${graceDays(context)} of grace, ${SPARE_DAYS} spare)`,
      'Workspace: spend limit slightly above its budget, alerts at 50, 75, 90 and 100%',
    ],
  },
];

/** Plain AWS commands first, then those of the team's own checkout. */
function submit({ key }: NoticeContext): Step {
  const { account } = placeOf(key);
  return [
    `Hand it in from your own terminal, in bash or zsh${account ? ` signed in to AWS account ${account}` : ''}.`,
    'Paste the whole block; it then asks for the key:',
    { run: submitWithAws(key) },
    'or, in your own checkout of this project:',
    { run: keys('submit', key) },
  ];
}
