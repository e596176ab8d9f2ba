import type { ApiKey } from '../../domain/key';
import { dueDate } from '../../domain/key-age';
import { utcDay } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { moment } from '../../domain/wording/text';
import { keyOption, type ManagedKey, oldKeyName, waysBack } from '../managed-key';
import { pairs, type Row, type Style, wrap } from '../style';

/** The version that was live before a submission, and whether its key was dead then. */
export interface Replaced {
  readonly replaced?: string;
  readonly wasDead?: boolean;
}

/** What happens next, and when, after a submission went live. `replaced` is the version that was live before, and `wasDead` if its key was dead already. */
export function describeLive(
  apiKey: ApiKey,
  after: ManagedKey,
  now: Date,
  style: Style,
  { replaced, wasDead = false }: Replaced,
): string {
  const { name, policy, memory } = after;
  const dead = wasDead ? replaced : undefined;
  const back = waysBack(after).filter(({ versionId }) => versionId !== dead);
  const last = back.find(({ versionId }) => versionId === replaced) ?? back.at(-1);
  const old = after.retiring
    .filter(({ versionId }) => versionId !== dead)
    .map((key): Row => {
      const which = oldKeyName(key);
      const grace = `${which} works until ${moment(key.until, now)}, so that no service is interrupted.`;
      return ['Old key', key.until > now ? grace : `${which} has no grace: switch it off now.`];
    });
  const off =
    policy.deactivate === 'automatic'
      ? 'It is switched off automatically once it is no longer used.'
      : 'A mail asks you to switch it off.';
  const dueAt = dueDate(memory.verdict?.keyCreatedAt ?? now, policy.maxAgeDays);
  const rows: readonly Row[] = [
    ['Now', 'Services get it when they next read the secret. Restart those that keep a key in memory.'],
    dead && ['Old key', 'was dead already. A mail says that the rotation is complete.'],
    ...old,
    old.length > 0 && [
      'Then',
      `${off} It is checked until it is proven dead. A mail then says that the rotation is complete.`,
    ],
    ['Next', `This key is due ${utcDay(dueAt)}; reminders come ${policy.warnDays.join(', ')} days before.`],
  ];
  return [
    style.good(style.bold(`${apiKey.hint} is the live key of ${name}.`)),
    '',
    'What happens next',
    pairs(rows, style),
    '',
    ...(last
      ? [
          'If something broke:',
          `  ${CLI_COMMAND} rollback ${name}${keyOption(last)}`,
          'If a service needs the old key for another day:',
          `  ${CLI_COMMAND} extend ${name}${keyOption(last)}`,
        ]
      : []),
  ].join('\n');
}

/** A submission that is stored but not live. Nobody has to watch it. */
export const describeUndecided = (apiKey: ApiKey, { name }: ManagedKey, style: Style): string =>
  [
    style.warn(`${apiKey.hint} is stored but not live yet: its test has no result.`),
    wrap(
      `The live key of ${name} has not changed. Every check tries again, and a mail says how it ended; nobody needs to wait.`,
      style.columns,
    ),
    `To see what holds it up:  ${CLI_COMMAND} doctor ${name}`,
  ].join('\n');
