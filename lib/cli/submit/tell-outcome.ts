import type { ApiKey } from '../../domain/key';
import { dueDate } from '../../domain/secret';
import { CALL } from '../../domain/wording/commands';
import { absolute, moment } from '../../domain/wording/text';
import type { ManagedKey } from '../managed-key';
import { pairs, type Style, wrap } from '../style';

/** What happens next, and when: the end of a submission that became live. `dead` is the version that it replaced where that was dead already. */
export function tellLive(apiKey: ApiKey, after: ManagedKey, now: Date, style: Style, dead?: string): string {
  const { name, policy, memory } = after;
  const alive = after.retiring.filter(({ versionId }) => versionId !== dead);
  const old = alive.map(({ until }) => {
    const grace = `works until ${moment(until, now)}, so that no service meets a gap.`;
    return ['Old key', until > now ? grace : 'has no grace: switch it off now.'] as const;
  });
  const off =
    policy.deactivate === 'automatic'
      ? 'It is switched off by itself once it is no longer used.'
      : 'A mail asks you to switch it off.';
  const created = memory.verdict?.keyCreatedAt ?? now;
  const dueAt = dueDate(created, policy.maxAgeDays);
  return [
    style.good(style.bold(`${apiKey.hint} is the live key of ${name}.`)),
    '',
    'What happens next',
    pairs(
      [
        ['Now', 'Services get it when they read the secret anew. Restart what keeps a key in memory.'],
        ...(dead
          ? [['Old key', 'was dead already. A mail says that the rotation is complete.'] as const]
          : []),
        ...old,
        ...(old.length > 0
          ? ([
              [
                'Then',
                `${off} It is asked until it is proven dead, and a mail says that the rotation is complete.`,
              ],
            ] as const)
          : []),
        [
          'Next',
          `This key is due ${absolute(dueAt).slice(0, 10)}; reminders come ${policy.warnDays.join(', ')} days before.`,
        ],
      ],
      style,
    ),
    '',
    ...(old.length > 0
      ? [
          `If something broke:        ${CALL} rollback ${name}`,
          `If the old key needs time: ${CALL} extend ${name} --hours 48`,
        ]
      : []),
  ].join('\n');
}

/** A submission that is not live, and need not be watched. */
export const tellUndecided = (apiKey: ApiKey, { name }: ManagedKey, style: Style): string =>
  [
    style.warn(`${apiKey.hint} is stored and not live yet: its test has come to no answer.`),
    wrap(
      `The live key of ${name} has not changed. Every check tries again, and a mail says how it ended; nobody needs to wait.`,
      style.columns,
    ),
    `What holds it up:  ${CALL} doctor ${name}`,
  ].join('\n');
