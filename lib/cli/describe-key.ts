import { isManaged } from '../contract/managed';
import type { SecretVersionRow } from '../contract/read-secret';
import { doubtInWords } from '../domain/console/usage';
import { isKeyless } from '../domain/findings/kinds/keyless';
import { isOngoing, isSaid, reminderIn } from '../domain/findings/repeat';
import { versionInShort, versionMark } from '../domain/key';
import { noticeId } from '../domain/notices/notice';
import { daysBetween } from '../domain/time';
import { CLI_COMMAND } from '../domain/wording/cli-command';
import { consumerInWords } from '../domain/wording/consumers';
import { absolute, count, moment } from '../domain/wording/text';
import { keyOption, type ManagedKey, oldKeyName, type RetiringKey, waysBack } from './managed-key';
import { pairs, type Row, type Style, table, whole } from './style';
import { because, findingInWords, reminderInWords } from './words';

/** The notices that were sent about states that still last, by the id in their mail, so that a reader can verify a mail. */
export const noticesSent = ({ memory, secret }: ManagedKey) =>
  Object.entries(memory.notices)
    .filter(([, rung]) => isSaid(rung) && isOngoing(rung))
    .map(([about, remembered]) => {
      const rung = reminderIn(remembered);
      return { id: noticeId(secret.arn, about, rung), about, rung };
    });

/** Version ids and labels may hold anything. What is no plain word is shown in quotes, on one line. */
const quoted = (text: string) => (/^[\w./:@+=-]+$/.test(text) ? text : whole(JSON.stringify(text)));

/** Everything known about one key without reading a value. */
export function describeKey(
  key: ManagedKey,
  versions: readonly SecretVersionRow[],
  now: Date,
  style: Style,
): string {
  const sent = noticesSent(key).map(({ id, about, rung }) => [
    id,
    findingInWords(about),
    reminderInWords(about, rung),
  ]);
  return [
    style.bold(key.name),
    pairs(facts(key, now), style),
    '',
    style.bold('Versions'),
    table(
      ['VERSION', 'SINCE', 'LABELS'],
      [...versions]
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
        .map(({ id, createdAt, labels }) => [
          quoted(versionInShort(id)),
          absolute(createdAt),
          labels.map(quoted).join(' ') || '-',
        ]),
      style,
    ),
    '',
    style.bold('Notices sent about what is true now'),
    sent.length > 0 ? table(['NOTICE', 'ABOUT', 'REMINDER'], sent, style) : '  None.',
    '',
    style.bold('Last notices sent'),
    `  ${key.memory.sent.join(' ') || 'None.'}`,
    '  A mail whose id is in neither list is older, or is not ours.',
    ...lastRotation(key, style),
    '',
    ...nextCommands(key),
  ].join('\n');
}

/** The old key that was made live again after the last check: what is remembered of the live key is about another one. */
const wentBackTo = ({ currentVersion, memory: { retiringKeys, verdict } }: ManagedKey) =>
  retiringKeys.find(
    ({ version, fingerprint }) =>
      currentVersion !== undefined &&
      version === versionMark(currentVersion) &&
      fingerprint !== verdict?.fingerprint,
  );

function facts(key: ManagedKey, now: Date): readonly Row[] {
  const { identity, policy, memory, secret } = key;
  const { verdict, snooze } = memory;
  const doubt = verdict?.unknownSince ? `; no conclusive answer since ${absolute(verdict.unknownSince)}` : '';
  const back = wentBackTo(key);
  const checked = back ? undefined : verdict;
  const live = back
    ? `${keyInWords(back)}; it went live after the last check${verdict ? `, which saw ${verdict.hint}` : ''}`
    : verdict
      ? keyInWords(verdict)
      : key.unchecked
        ? 'not checked yet'
        : isKeyless(memory)
          ? 'none is needed any more'
          : 'none was accepted yet';
  return [
    ['Owner', identity.owner],
    ['Secret', secret.name],
    ...(identity.consumers ?? []).map((consumer): Row => ['Read by', consumerInWords(consumer)]),
    !isManaged(secret) && ['Managed', 'not yet: it is to be in keys.yaml and deployed'],
    ['Live key', live],
    checked && [
      'Answers',
      `${checked.kind}${because(checked.reason)} since ${absolute(checked.since)}${doubt}`,
    ],
    checked && ['Age', `${count(daysBetween(checked.keyCreatedAt, now), 'day')} of ${policy.maxAgeDays}`],
    checked && key.dueAt && ['Due', moment(key.dueAt, now)],
    ...key.retiring.map((old): Row => {
      const version = `version ${quoted(versionInShort(old.versionId))}`;
      const which = old.fingerprint ? `${keyInWords(old)}, ${version}` : version;
      return ['Old key', `${which}, grace ends ${moment(old.until, now)}${notSwitchedOff(key, old)}`];
    }),
    ...key.leaks.map(({ beginning, on }): Row => {
      return ['LEAKED', `the key whose fingerprint starts with ${beginning}, reported ${absolute(on)}`];
    }),
    key.submittedVersion && [
      'Submitted',
      `version ${quoted(versionInShort(key.submittedVersion))} waits to be tested`,
    ],
    key.pendingVersion && ['Rotation', `in progress, version ${quoted(versionInShort(key.pendingVersion))}`],
    !secret.rotationEnabled && ['Rotation', 'OFF: a submitted key would not be tested'],
    snooze && ['Snoozed', `until ${absolute(snooze.until)}: ${snooze.reason}`],
    key.faults.length > 0 && ['Damaged', key.faults.join('; ')],
    ['Checked', memory.checkedOn ? `${memory.checkedOn} (schedule: ${policy.checkEvery})` : 'never yet'],
    [
      'Policy',
      `${policy.maxAgeDays} days, reminders ${policy.warnDays.join('/')} days before, ${policy.graceHours} h grace, switched off by ${policy.deactivate === 'automatic' ? 'the function' : 'a person'}`,
    ],
  ];
}

/** Why a machine that is to switch an old key off does not. */
const notSwitchedOff = ({ memory: { doubted } }: ManagedKey, { fingerprint }: RetiringKey) =>
  doubted && doubted.fingerprint === fingerprint
    ? `; not switched off, because its use is not known: ${doubtInWords(doubted.doubt)}`
    : '';

function lastRotation(
  { memory: { timeline, verdict }, retiring }: ManagedKey,
  style: Style,
): readonly string[] {
  // If the grace was moved, only the label knows.
  const label = retiring.find(({ fingerprint }) => fingerprint === timeline.fingerprint);
  const times = (
    [
      ['Submitted', timeline.submittedAt],
      ['Promoted', timeline.promotedAt],
      ['Grace ends', label?.until ?? timeline.graceEndsAt],
      ['Switched off', timeline.deactivatedAt],
      ['Proven dead', timeline.provenAt],
    ] as const
  ).flatMap(([what, at]) => (at ? [[what, absolute(at)] as const] : []));
  if (times.length === 0) return [];
  if (timeline.fingerprint !== undefined && timeline.fingerprint === verdict?.fingerprint)
    return ['', style.bold('Live key'), pairs(times, style)];
  const about = timeline.fingerprint ? ` (it retires ${timeline.fingerprint})` : '';
  return ['', style.bold(`Last rotation${about}`), pairs(times, style)];
}

const keyInWords = ({ fingerprint, hint }: Pick<RetiringKey, 'fingerprint' | 'hint'>) =>
  `${hint ? `${hint}, ` : ''}fingerprint ${fingerprint}`;

function nextCommands(key: ManagedKey): readonly string[] {
  const { name, memory, retiring, submittedVersion, unchecked } = key;
  const which = memory.verdict || unchecked || isKeyless(memory) ? 'a new key' : 'the first key';
  return [
    ...(submittedVersion ? [`To finish the submission: ${CLI_COMMAND} check ${name}`] : []),
    ...(unchecked ? [`To learn what it holds: ${CLI_COMMAND} check ${name}`] : []),
    ...waysBack(key).map(
      (old) => `To go back to ${theOldKey(key, old)}: ${CLI_COMMAND} rollback ${name}${keyOption(old)}`,
    ),
    ...retiring.map(
      (old) => `To end ${theOldKey(key, old)} now: ${CLI_COMMAND} retire ${name}${keyOption(old)}`,
    ),
    ...(retiring.length > 0 ? [] : [`To submit ${which}: ${CLI_COMMAND} submit ${name}`]),
  ];
}

/** Of several, each is named. */
const theOldKey = ({ retiring }: ManagedKey, old: RetiringKey) =>
  retiring.length > 1 ? `the old key ${oldKeyName(old)}` : 'the old key';
