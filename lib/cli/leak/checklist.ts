import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { CONSOLE } from '../../domain/wording/commands';
import { keyOption, oldKeyName, type RetiringKey } from '../managed-key';
import { type Style, wrap } from '../style';
import type { Incident } from './incident';

/** What to do in the first five minutes. What is done already is ticked off. `oldKeys`: those to go back to. */
export function checklist(
  { key, leaked, stoppedBy, provenDeadAt, refused, recordId }: Incident,
  oldKeys: readonly RetiringKey[],
  style: Style,
): string {
  const row = leaked.hint ? `the row that shows ${leaked.hint}` : `fingerprint ${leaked.fingerprint}`;
  const reactivate = `${CLI_COMMAND} reactivate ${key} --key ${leaked.fingerprint}`;
  // Only what the function switched off can it switch on again. Otherwise the command removes the mark, and a person does the rest.
  const wayBack =
    stoppedBy === 'deactivation'
      ? reactivate
      : `${reactivate}, then enable it again in the Claude Console, ${row}. ${CONSOLE.keys}`;
  const steps: readonly (readonly [done: boolean, text: string])[] = [
    stoppedBy === 'nobody-yet'
      ? [
          false,
          `${refused ? 'Make sure that it is disabled in the Claude Console' : 'Disable it in the Claude Console now'}: ${row}. ${CONSOLE.keys}`,
        ]
      : [true, `The leaked key is switched off${recordId ? ` (record ${recordId})` : ''}.`],
    provenDeadAt
      ? [true, 'It is proven dead.']
      : refused
        ? [
            false,
            'Prove it dead: it is refused, and only another key that works can show that the refusals are about this one. The new key does that.',
          ]
        : [false, `Prove it dead: repeat ${CLI_COMMAND} check ${key} until it says DEAD.`],
    ...(leaked.live ? oldKeys : []).map(
      (old) =>
        [
          false,
          `Go back to the old key ${oldKeyName(old)}, if it still works; it is tested first: ${CLI_COMMAND} rollback ${key}${keyOption(old)}`,
        ] as const,
    ),
    ...(leaked.live
      ? [[false, `Submit a new key; the service has none until then: ${CLI_COMMAND} submit ${key}`] as const]
      : []),
    [false, `See what the key was used for since the leak: ${CONSOLE.usage}`],
    [false, 'See who read the secret: CloudTrail, event GetSecretValue, this secret.'],
    [false, 'Remove the key from where it leaked. What was public stays leaked; removing it undoes nothing.'],
  ];
  return [
    style.bold('The next five minutes'),
    ...steps.map(([done, text]) =>
      wrap(`  ${done ? style.good('[x]') : '[ ]'} ${text}`, style.columns, '      '),
    ),
    '',
    wrap('Then see "Leaked key" in docs/runbook.md for the next hour and week.', style.columns),
    wrap(`If it was no leak: ${wayBack}`, style.columns),
  ].join('\n');
}
