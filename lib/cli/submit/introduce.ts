import { daysBetween, utcDay } from '../../domain/time';
import { CONSOLE } from '../../domain/wording/commands';
import { expiry } from '../../domain/wording/steps';
import { absolute, count, hours, moment } from '../../domain/wording/text';
import type { Place } from '../../workflows/operator-ports';
import { consoleName, expectedHome, type ManagedKey, oldKeyName } from '../managed-key';
import { pairs, type Row, type Style, wrap } from '../style';

const ANTHROPIC = 'api.anthropic.com';

/** What a person sees before the command asks for a key: where it goes, what is there now, how to create the new one, and what will change. */
export function introduce(
  key: ManagedKey,
  graceHours: number,
  place: Place,
  now: Date,
  style: Style,
): string {
  const { name, secret, policy } = key;
  const { verdict } = key.memory;
  const workspace = expectedHome(key).workspaceId;
  const old =
    verdict?.kind === 'DEAD'
      ? 'the old one is dead already'
      : graceHours > 0
        ? `the old one stays valid for ${hours(graceHours)}`
        : 'the grace of the old one ends at once';
  const rows: readonly Row[] = [
    ['Account', `${place.account} as ${place.caller.split(':').at(-1)}`],
    ['Region', place.region],
    ['Endpoint', place.endpoint],
    place.anthropic !== ANTHROPIC && ['Tests at', `${place.anthropic}, not ${ANTHROPIC}`],
    ['Secret', secret.name],
    ['Live key', verdict ? `${verdict.hint}, ${verdict.kind}` : 'none yet: this will be the first one'],
    verdict && ['Age', `${count(daysBetween(verdict.keyCreatedAt, now), 'day')} of ${policy.maxAgeDays}`],
    key.dueAt && ['Due', moment(key.dueAt, now)],
    ...key.retiring.map(
      (old) => ['Old key', `${oldKeyName(old)} works until ${absolute(old.until)}`] as const,
    ),
  ];
  const steps = [
    `Create a key in the Claude Console, for a service account${workspace ? `, in workspace ${workspace}` : ''}:`,
    `Name it ${style.bold(consoleName(key, now))}, with expiry ${utcDay(expiry({ policy, now }))}.`,
    'Copy it, and paste it below. It is not shown.',
  ].map((step, index) => wrap(`  ${index + 1}. ${step}`, style.columns, '     '));
  const change = verdict
    ? `The new key is tested first. If it works it becomes live, and ${old}. If it fails, nothing changes.`
    : 'The key is tested first. If it works it becomes live. If it fails, nothing changes.';
  return [
    style.bold(`New key for ${name}`),
    '',
    pairs(rows, style),
    '',
    steps[0],
    `     ${CONSOLE.keys}`,
    ...steps.slice(1),
    '',
    wrap(change, style.columns),
    '',
  ].join('\n');
}
