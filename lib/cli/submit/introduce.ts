import { daysBetween } from '../../domain/time';
import { CONSOLE } from '../../domain/wording/commands';
import { absolute, count, hours, moment } from '../../domain/wording/text';
import type { Place } from '../../workflows/operator-ports';
import { consoleName, expectedHome, type ManagedKey } from '../managed-key';
import { pairs, type Style, wrap } from '../style';

/** What a person sees before a key is asked for: where it goes, what is there now, how to make the new one, and what will change. */
export function introduce(
  key: ManagedKey,
  graceHours: number,
  place: Place,
  now: Date,
  style: Style,
): string {
  const { name, secret, policy, memory } = key;
  const old =
    memory.verdict?.kind === 'DEAD'
      ? 'the old one is dead already'
      : graceHours > 0
        ? `the old one stays valid for ${hours(graceHours)}`
        : 'the grace of the old one ends at once';
  const verdict = memory.verdict;
  const workspace = expectedHome(key).workspaceId;
  const rows: (readonly [string, string])[] = [
    ['Account', `${place.account} as ${place.caller.split(':').at(-1)}`],
    ['Region', place.region],
    ['Endpoint', place.endpoint],
    ['Secret', secret.name],
    ['Live key', verdict ? `${verdict.hint}, ${verdict.kind}` : 'none yet: this is the first one'],
    ...(verdict
      ? ([
          ['Age', `${count(daysBetween(verdict.keyCreatedAt, now), 'day')} of ${policy.maxAgeDays}`],
        ] as const)
      : []),
    ...(key.dueAt ? ([['Due', moment(key.dueAt, now)]] as const) : []),
    ...key.retiring.map(({ until }) => ['Old key', `works until ${absolute(until)}`] as const),
  ];
  const steps = [
    `Create a key in the Claude Console, for a service account${workspace ? `, in workspace ${workspace}` : ''}:\n     ${CONSOLE.keys}`,
    `Name it ${style.bold(consoleName(key, now))}`,
    'Copy it, and paste it below. It is not shown.',
  ];
  const change = verdict
    ? `The new key is tested first. If it works it becomes live, and ${old}. If it fails, nothing changes.`
    : 'The key is tested first. If it works it becomes live. If it fails, nothing changes.';
  return [
    style.bold(`New key for ${name}`),
    '',
    pairs(rows, style),
    '',
    ...steps.map((step, index) => wrap(`  ${index + 1}. ${step}`, style.columns, '     ')),
    '',
    wrap(change, style.columns),
    '',
  ].join('\n');
}
