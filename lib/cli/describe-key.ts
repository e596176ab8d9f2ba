import type { SecretVersionRow } from '../contract/read-secret';
import { shortId } from '../domain/key';
import { noticeId } from '../domain/notices/notice';
import { daysBetween, utcDay } from '../domain/time';
import { CALL } from '../domain/wording/commands';
import { absolute, count, moment } from '../domain/wording/text';
import type { ManagedKey } from './managed-key';
import { pairs, type Style } from './style';
import { table } from './table';

type Rows = (readonly [string, string])[];

/** A notice that was sent and whose state lasts, by the id that its mail names. */
export interface SentNotice {
  readonly id: string;
  readonly about: string;
  readonly rung: string;
}

/** Ids of the notices that people got about the states that still last: whoever has a mail can look it up. */
export const noticesSent = ({ memory, secret }: ManagedKey): readonly SentNotice[] =>
  Object.entries(memory.notices).map(([about, rung]) => ({
    id: noticeId(secret.arn, about, rung),
    about,
    rung,
  }));

/** Everything that is known of one key without reading a value. */
export function describeKey(
  key: ManagedKey,
  versions: readonly SecretVersionRow[],
  now: Date,
  style: Style,
): string {
  const sent = noticesSent(key);
  return [
    style.bold(key.name),
    pairs(facts(key, now), style),
    '',
    style.bold('Versions'),
    table(
      ['VERSION', 'SINCE', 'LABELS'],
      [...versions]
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
        .map(({ id, createdAt, labels }) => [shortId(id), absolute(createdAt), labels.join(' ') || '-']),
      style,
    ),
    '',
    style.bold('Notices that were sent about what is true now'),
    sent.length > 0
      ? table(
          ['NOTICE', 'RUNG', 'ABOUT'],
          sent.map(({ id, about, rung }) => [id, rung, about]),
          style,
        )
      : '  None.',
    '',
    style.bold('The last notices that were sent'),
    `  ${key.memory.sent.join(' ') || 'None.'}`,
    '  A mail whose id stands in neither list is older, or is not ours.',
    ...lastRotation(key, style),
    ...whatNext(key),
  ].join('\n');
}

function facts(key: ManagedKey, now: Date): Rows {
  const { identity, policy, memory, secret } = key;
  const { verdict, snooze } = memory;
  const rows: Rows = [
    ['Owner', identity.owner],
    ['Secret', secret.name],
    [
      'Live key',
      verdict
        ? `${verdict.hint}, fingerprint ${verdict.fingerprint}`
        : key.unchecked
          ? 'not checked yet'
          : 'none that was accepted',
    ],
  ];
  if (verdict) {
    const reason = verdict.reason ? ` (${verdict.reason})` : '';
    const doubt = verdict.unknownSince
      ? `; no conclusive answer since ${absolute(verdict.unknownSince)}`
      : '';
    rows.push(['Answers', `${verdict.kind}${reason} since ${absolute(verdict.since)}${doubt}`]);
    rows.push(['Age', `${count(daysBetween(verdict.keyCreatedAt, now), 'day')} of ${policy.maxAgeDays}`]);
  }
  if (key.dueAt) rows.push(['Due', moment(key.dueAt, now)]);
  for (const { versionId, until, fingerprint } of key.retiring) {
    const which = fingerprint ? `fingerprint ${fingerprint}, ` : '';
    rows.push(['Old key', `${which}version ${shortId(versionId)}, grace ends ${moment(until, now)}`]);
  }
  for (const { beginning, on } of memory.leaked)
    rows.push(['LEAKED', `the key whose fingerprint begins with ${beginning}, reported ${utcDay(on)}`]);
  if (key.submittedVersion)
    rows.push(['Submitted', `version ${shortId(key.submittedVersion)} waits to be tested`]);
  if (key.pendingVersion) rows.push(['Rotation', `under way, version ${shortId(key.pendingVersion)}`]);
  if (!secret.rotationEnabled) rows.push(['Rotation', 'OFF: a submitted key would not be tested']);
  if (snooze) rows.push(['Snoozed', `until ${absolute(snooze.until)}: ${snooze.reason}`]);
  rows.push([
    'Checked',
    memory.checkedOn ? `${memory.checkedOn}, and ${policy.checkEvery} is the rule` : 'never yet',
  ]);
  rows.push([
    'Policy',
    `${policy.maxAgeDays} days, warned ${policy.warnDays.join('/')} before, ${policy.graceHours} h grace, switched off by ${policy.deactivate === 'automatic' ? 'the function' : 'a person'}`,
  ]);
  return rows;
}

function lastRotation({ memory: { timeline }, retiring }: ManagedKey, style: Style): readonly string[] {
  // Where its grace was moved, the label knows.
  const label = retiring.find(({ fingerprint }) => fingerprint === timeline.fingerprint);
  const times: Rows = (
    [
      ['Submitted', timeline.submittedAt],
      ['Promoted', timeline.promotedAt],
      ['Grace ends', label?.until ?? timeline.graceEndsAt],
      ['Switched off', timeline.deactivatedAt],
      ['Proven dead', timeline.provenAt],
    ] as const
  ).flatMap(([what, at]) => (at ? [[what, absolute(at)] as const] : []));
  if (times.length === 0) return [];
  const about = timeline.fingerprint ? ` (it retires ${timeline.fingerprint})` : '';
  return ['', style.bold(`Last rotation${about}`), pairs(times, style)];
}

function whatNext({ name, memory, retiring, submittedVersion, unchecked }: ManagedKey): readonly string[] {
  const commands = [
    ...(submittedVersion ? [`${CALL} check ${name}      finishes the submission`] : []),
    ...(unchecked ? [`${CALL} check ${name}      says what it holds`] : []),
    ...(retiring.length > 0
      ? [`${CALL} rollback ${name}   goes back to the old key`, `${CALL} retire ${name}     ends it now`]
      : [
          `${CALL} submit ${name}     hands in ${memory.verdict || unchecked ? 'a new key' : 'the first key'}`,
        ]),
  ];
  return ['', ...commands];
}
