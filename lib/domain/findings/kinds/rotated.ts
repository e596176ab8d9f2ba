import type { AttributedChange } from '../../console/who';
import type { KeyRef } from '../../key';
import type { Stands } from '../../misplaced-key';
import type { Home } from '../../probe/verdict';
import { KEY_FIELD } from '../../refusal';
import { utcDay } from '../../time';
import { CONSOLE } from '../../wording/commands';
import { restartConsumers, startConsumers, withoutRestart } from '../../wording/consumers';
import { nameHome, placeOfKey } from '../../wording/phrases';
import { moreTime, rollBack } from '../../wording/steps';
import { absolute, hintText, hours, moment } from '../../wording/text';
import { defineKind, type NoticeContext, type Step } from '../finding';

/** A key was promoted and accepted. */
export interface Rotated {
  readonly current: KeyRef;
  readonly how: 'first-key' | 'submitted' | 'direct-edit';
  readonly retiring: readonly { readonly key: KeyRef; readonly until: Date; readonly leaked: boolean }[];
  /**
   * When the key was accepted, shortly after it became live, rounded up to the second: the same in every repetition. Absent where memory was deleted
   * since.
   */
  readonly changedAt?: Date;
  /** Set where no home is configured: the one that was accepted and is remembered. */
  readonly learnedHome?: Home;
  /** Set where the key does not stand where services look: a notice of its own says what that means. */
  readonly stands?: Stands;
  /** Who created it, where Anthropic's Activity Feed says so. */
  readonly created?: AttributedChange;
}

const HOW = {
  'first-key': 'is live. It is the first key of this service',
  submitted: 'passed its test and is live',
  'direct-edit': 'was written directly into the secret, works, and was accepted as the live key',
} as const;

export const rotated = defineKind({
  kind: 'rotated',
  about: 'version',
  severity: 'info',
  snooze: false,
  event: 'Key Promoted',
  history: ({ current }) => ({ step: 'promoted', fingerprint: current.fingerprint }),
  mail: ({ current, how, retiring, learnedHome, stands }: Rotated, context: NoticeContext) => {
    const { now, policy, adminAccess } = context;
    const first = how === 'first-key';
    const automatic = adminAccess && policy.deactivate === 'automatic';
    const kept = retiring.filter(({ until, leaked }) => until > now && !leaked);
    const last = kept.at(-1);
    const learned = learnedHome && nameHome(learnedHome);
    return {
      headline: last
        ? `New key is live; old key is kept until ${utcDay(last.until)}`
        : first
          ? 'First key is live'
          : 'New key is live',
      facts: [
        `The API key ${hintText(current.hint)} ${HOW[how]}.${stands ? ` It stands ${placeOfKey(stands)}: see the mail about that.` : ''}`,
        ...kept.map(
          ({ key, until }) =>
            `The old key ${hintText(key.hint)} is kept until ${moment(until, now)}, so that services can switch to the new key without a gap.`,
        ),
        ...retiring
          .filter(({ until, leaked }) => until <= now || leaked)
          .map(({ key, leaked }) =>
            leaked
              ? `The old key ${hintText(key.hint)} was reported as leaked: it gets no grace period and is never made live again.`
              : `The old key ${hintText(key.hint)} gets no more time: its grace period is over.`,
          ),
        ...(learned
          ? [
              `keys.yaml names no home for this environment, so ${learned} is remembered: keys from elsewhere will be refused.`,
            ]
          : []),
      ],
      keys: [['New key', current], ...retiring.map(({ key }) => ['Old key', key] as const)],
      steps: last
        ? [
            restartConsumers(
              context,
              `Before ${absolute(kept[0]!.until)}, restart what reads the key only at its start`,
              {
                otherwise:
                  'Have every service read the new key before the grace period ends. A service that reads the secret only at startup needs a restart or a deploy.',
                until: last.until,
              },
            ),
            rollBack(context, 'If something broke, go back to the old key while it still works:', last.key),
            moreTime(context, last.key, last.until),
          ]
        : firstSteps(context, first && !stands),
      consequence: [
        ...(stands ? [] : withoutRestart(context, last?.until)),
        ...(last
          ? [
              automatic
                ? 'When the grace period is over and the old key is unused, it is switched off at Anthropic. You get a mail first, and it can be undone.'
                : 'When the grace period is over, you are asked to switch off the old key. Until somebody does, it stays alive.',
            ]
          : [
              `The key is checked from now on, and you are reminded ${policy.warnDays[0] ?? 0} days before it is ${policy.maxAgeDays} days old.`,
            ]),
      ],
      evidence: [
        how === 'direct-edit'
          ? 'Anthropic accepted a test message with this key, but only after it was live. Use "submit" to have keys tested first.'
          : 'Anthropic accepted a test message with this key before it was promoted.',
        ...(last
          ? [`This key's policy keeps an old key for a grace period of ${hours(policy.graceHours)}.`]
          : []),
      ],
    };
  },
});

const firstSteps = (context: NoticeContext, first: boolean): readonly Step[] =>
  first
    ? [
        startConsumers(context, KEY_FIELD),
        [
          'Check that the workspace has a spend limit slightly above its budget, and alerts at 50, 75, 90 and 100%:',
          { link: CONSOLE.workspaces },
        ],
      ]
    : [
        restartConsumers(context, 'Restart what reads the key only at its start', {
          otherwise: 'Nothing. If the service reads the secret only at startup, restart or deploy it.',
        }),
      ];
