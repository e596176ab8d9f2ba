import type { KeyRef } from '../../key';
import type { Home } from '../../probe/verdict';
import { utcDay } from '../../time';
import { CONSOLE } from '../../wording/commands';
import type { NoticeContext, Step } from '../../wording/sheet';
import { moreTime, rollBack } from '../../wording/steps';
import { hintText, hours, moment, token } from '../../wording/text';
import { defineKind } from '../finding';

/** A key was promoted and accepted. */
export interface Rotated {
  readonly current: KeyRef;
  readonly how: 'first-key' | 'submitted' | 'direct-edit';
  readonly retiring: readonly { readonly key: KeyRef; readonly until: Date; readonly leaked: boolean }[];
  /** Set where no home was configured: what was accepted and remembered. */
  readonly learnedHome?: Home;
}

const HOW = {
  'first-key': 'is the first key of this service, and live',
  submitted: 'passed its test and is live',
  'direct-edit': 'was written straight into the secret, works, and is taken as the live key',
} as const;

export const rotated = defineKind({
  kind: 'rotated',
  severity: 'info',
  snooze: false,
  event: 'Key Promoted',
  history: ({ current }) => ({ step: 'promoted', fingerprint: current.fingerprint }),
  mail: ({ current, how, retiring, learnedHome }: Rotated, context: NoticeContext) => {
    const { now, policy, adminAccess } = context;
    const first = how === 'first-key';
    const automatic = adminAccess && policy.deactivate === 'automatic';
    const kept = retiring.filter(({ until }) => until > now);
    const last = kept.at(-1);
    const learned = [
      token(learnedHome?.workspaceId) && `workspace ${learnedHome?.workspaceId}`,
      token(learnedHome?.organizationId) && `organization ${learnedHome?.organizationId}`,
    ].filter(Boolean);
    return {
      headline: last
        ? `New key is live; old key is kept until ${utcDay(last.until)}`
        : first
          ? 'First key is live'
          : 'New key is live',
      facts: [
        `The API key ${hintText(current.hint)} ${HOW[how]}.`,
        ...kept.map(
          ({ key, until }) =>
            `The old key ${hintText(key.hint)} is kept until ${moment(until, now)}, so that services can change to the new key without a gap.`,
        ),
        ...retiring
          .filter(({ until }) => until <= now)
          .map(({ key, leaked }) =>
            leaked
              ? `The old key ${hintText(key.hint)} was reported as leaked: it gets no grace, and nothing goes back to it.`
              : `The old key ${hintText(key.hint)} gets no more time: its grace is over.`,
          ),
        ...(learned.length > 0
          ? [
              `keys.yaml names no home for this environment, so ${learned.join(' of ')} is remembered: a key from elsewhere will be refused.`,
            ]
          : []),
      ],
      keys: [['New key', current], ...retiring.map(({ key }) => ['Old key', key] as const)],
      steps: last
        ? [
            [
              `Let every service read the new key before the grace ends. What reads the secret only at its start needs a restart or a deploy.`,
            ],
            rollBack(
              context,
              'If something broke, go back to the old key while it works:',
              last.key,
              current,
            ),
            moreTime(context, last.key),
          ]
        : firstSteps(first),
      consequence: last
        ? [
            automatic
              ? 'When the grace is over and the old key is unused, it is switched off at Anthropic; that can be undone. You get a mail before.'
              : 'When the grace is over, you are asked to switch the old key off. Until somebody does, it stays alive.',
          ]
        : [
            `The key is checked from now on, and you are reminded ${policy.warnDays[0] ?? 0} days before it is ${policy.maxAgeDays} days old.`,
          ],
      evidence: [
        how === 'direct-edit'
          ? 'The key answered a one-word message as alive, but only after it was live. Hand keys in by "submit", and they are tested before.'
          : 'The key answered a one-word message as alive before it became live.',
        ...(last ? [`The policy of this key gives an old one ${hours(policy.graceHours)} of grace.`] : []),
      ],
    };
  },
});

const firstSteps = (first: boolean): readonly Step[] =>
  first
    ? [
        ['Let the service read the field ANTHROPIC_API_KEY of the secret, and start it.'],
        [
          'See that the workspace has a spend limit slightly above its budget, and alerts at 50, 75, 90 and 100%:',
          { link: CONSOLE.workspaces },
        ],
      ]
    : [['Nothing. Let the service read the secret anew if it reads only at its start.']];
