import { CALL, CONSOLE } from '../../domain/wording/commands';
import { type Style, wrap } from '../style';
import type { Incident } from './incident';

/** What is to be done within five minutes, with what is done already ticked off. */
export function checklist(
  { key, leaked, stoppedBy, provenDeadAt, recordId }: Incident,
  style: Style,
): string {
  const off = stoppedBy !== 'nobody-yet';
  const row = leaked.hint ? `the row that shows ${leaked.hint}` : `fingerprint ${leaked.fingerprint}`;
  const takenBack = `${CALL} reactivate ${key} --key ${leaked.fingerprint}`;
  // What a machine has switched off, a machine can switch on again. Else the command takes the mark off, and a person does the rest.
  const wayBack =
    stoppedBy === 'deactivation'
      ? takenBack
      : `${takenBack}, then enable it again in the Claude Console, ${row}. ${CONSOLE.keys}`;
  const steps: readonly (readonly [done: boolean, text: string])[] = [
    [
      off,
      off
        ? `The leaked key is switched off${recordId ? ` (record ${recordId})` : ''}.`
        : `Disable it in the Claude Console now: ${row}. ${CONSOLE.keys}`,
    ],
    [
      provenDeadAt !== undefined,
      provenDeadAt ? 'It is proven dead.' : `Prove it dead: ${CALL} check ${key} until it says DEAD.`,
    ],
    ...(leaked.live
      ? ([[false, `Put in a new key; the service has none until then: ${CALL} submit ${key}`]] as const)
      : []),
    [false, `See what the key was used for since then: ${CONSOLE.usage}`],
    [false, 'Ask who read the secret: CloudTrail, event GetSecretValue, this secret.'],
    [false, 'Take the key out of where it leaked. What was public stays leaked; removing it undoes nothing.'],
  ];
  return [
    style.bold('The next five minutes'),
    ...steps.map(([done, text]) =>
      wrap(`  ${done ? style.good('[x]') : '[ ]'} ${text}`, style.columns, '      '),
    ),
    '',
    wrap(
      'Then: docs/runbook.md, section "Leaked key", says what to do within the hour and the week.',
      style.columns,
    ),
    wrap(`If it was no leak: ${wayBack}`, style.columns),
  ].join('\n');
}
