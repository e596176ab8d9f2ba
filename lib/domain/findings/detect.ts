import type { KeyRef } from '../key';
import { leakedOn, type RememberedVerdict } from '../memory';
import {
  acceptedOf,
  badBecause,
  currentOf,
  dueDate,
  fingerprintOf,
  type KeyVersion,
  keyCreatedAt,
  liveStateOf,
  type Observation,
  refOf,
  retiringOf,
  sameKey,
  submittedOf,
} from '../secret';
import { DAY, daysBetween, daysUntil, plus, utcDay } from '../time';
import { leakFindings, livenessFindings } from './detect-liveness';
import type { Finding } from './finding';
import { finding } from './make-finding';
import { countdownRung, rungOf } from './repeat';

/** How long a submission may wait before it is worth a word. */
const STUCK_AFTER = DAY;

/** The days before a hard expiry on which it is announced. */
export const EXPIRY_WARNINGS = [14, 7, 1];

/** Everything that is true of the live key and its submission now, retiring keys apart. */
export function stateFindings(
  o: Observation,
  verdict: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const current = currentOf(o);
  if (!current) return [];
  return [
    ...newsFindings(o, current, now),
    ...[...content(o, current, now), ...livenessFindings(o, current, verdict, now)].map(withWayBack(o)),
    ...age(o, current, verdict, now),
    ...leakFindings(o, now),
    ...admin(o, current, now),
    ...submission(o, verdict, now),
  ];
}

/** A bad edit that stands: whether the key before it is one to go back to. */
const withWayBack =
  (o: Observation) =>
  (f: Finding): Finding => {
    if (f.kind !== 'direct-edit-refused') return f;
    const acceptedIs = acceptedHasLeaked(o) ? 'LEAKED' : acceptedOf(o)?.verdict?.kind;
    return { ...f, details: { ...f.details, acceptedIs } };
  };

const acceptedHasLeaked = (o: Observation) => leakedOn(o, fingerprintOf(acceptedOf(o))) !== undefined;

/** The secret holds no usable key. */
function content(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const { content } = current;
  const days = daysBetween(current.createdAt, now);
  if (content.kind === 'key' || content.kind === 'unread') return [];
  const accepted = refOf(acceptedOf(o));
  if (content.kind === 'placeholder' && !accepted)
    return [finding('awaiting-first-key', rungOf('awaiting-first-key', days), { since: current.createdAt })];
  if (content.kind === 'malformed' && accepted) {
    const details = { current: content.reason, version: current.id, accepted, cause: 'malformed' as const };
    return [finding('direct-edit-refused', rungOf('direct-edit-refused', days), details, current.id)];
  }
  const reason = content.kind === 'placeholder' ? 'The value is empty.' : content.reason;
  return [
    finding(
      'not-a-key',
      rungOf('not-a-key', days),
      {
        content: content.kind,
        reason,
        version: current.id,
        accepted: acceptedHasLeaked(o) ? undefined : accepted,
      },
      current.id,
    ),
  ];
}

/** Due and overdue. A key that is dead or foreign has a more urgent finding, and the same remedy. */
function age(
  o: Observation,
  current: KeyVersion,
  verdict: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const ref = refOf(current);
  const createdAt = keyCreatedAt(o);
  if (!ref || !createdAt || badBecause(current)) return [];
  const dueAt = dueDate(createdAt, o.policy.maxAgeDays);
  const live = liveStateOf(o, verdict);
  if (now >= dueAt) {
    const daysOver = daysBetween(dueAt, now);
    return [
      finding(
        'overdue',
        rungOf('overdue', daysOver),
        { current: ref, createdAt, dueAt, daysOver, live },
        ref.fingerprint,
      ),
    ];
  }
  const daysLeft = daysUntil(dueAt, now);
  const rung = countdownRung(o.policy.warnDays, daysLeft);
  return rung
    ? [finding('due', rung, { current: ref, createdAt, dueAt, daysLeft, live }, ref.fingerprint)]
    : [];
}

/** What only the Admin API knows. */
function admin(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const ref = refOf(current);
  if (!ref) return [];
  const inspection = o.inspections.find((i) => i.fingerprint === ref.fingerprint);
  const remembered = o.memory.record?.fingerprint === ref.fingerprint ? o.memory.record : undefined;
  const record = inspection?.record ?? remembered;
  const findings: Finding[] = [];
  if (record?.expiresAt && record.expiresAt > now) {
    const daysLeft = daysUntil(record.expiresAt, now);
    const rung = countdownRung(EXPIRY_WARNINGS, daysLeft);
    const details = { current: ref, expiresAt: record.expiresAt, daysLeft };
    if (rung) findings.push(finding('expires-soon', rung, details, ref.fingerprint));
  }
  if (record?.personal)
    findings.push(
      finding('dies-with-its-owner', '0', { current: ref, recordId: record.id }, ref.fingerprint),
    );
  if (inspection?.spike) {
    const day = utcDay(inspection.spike.hour);
    findings.push(finding('usage-spike', day, { current: ref, spike: inspection.spike }));
  }
  return findings;
}

/** A human's submission that was refused, or that nobody gets through. */
function submission(o: Observation, verdict: RememberedVerdict | undefined, now: Date): readonly Finding[] {
  const submitted = submittedOf(o);
  if (!submitted || submitted.current) return [];
  const live = liveStateOf(o, verdict);
  const rejected = o.memory.rejected;
  if (rejected && submitted.id.startsWith(rejected.version)) {
    const { content } = submitted;
    const what = content.kind === 'key' ? content.hint : 'no usable key';
    return [
      finding('rejected', '0', { version: submitted.id, reason: rejected.reason, what, live }, submitted.id),
    ];
  }
  const ref = refOf(submitted);
  const late = plus(submitted.createdAt, STUCK_AFTER);
  if (!ref || now < late) return [];
  const rung = rungOf('submission-stuck', daysBetween(late, now));
  return [
    finding('submission-stuck', rung, { submitted: ref, since: submitted.createdAt, live }, submitted.id),
  ];
}

/** How long a change is news: within it the notice of a promotion or a rollback is sent, however long nobody could be told. */
const NEWS = 30 * DAY;

/** Promotions and rollbacks, told from the labels they leave, so that a crash between the move and the mail loses nothing. */
function newsFindings(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const accepted = acceptedOf(o);
  const ref = refOf(current);
  if (!ref || !accepted || !sameKey(current, accepted)) return [];
  const left = leftBehind(o, current, now);
  if (left) {
    const removed =
      refOf(left)?.hint ?? (left.content.kind === 'malformed' ? left.content.reason : 'no usable key');
    const details = { restored: ref, removed, cause: badBecause(left) ?? ('by-hand' as const) };
    return [finding('rolled-back', '0', details, left.id)];
  }
  const again =
    accepted.id !== current.id && current.createdAt > accepted.createdAt
      ? [finding('same-key-again', '0', { current: ref, createdAt: keyCreatedAt(o)! }, current.id)]
      : [];
  return [...again, ...promotion(o, accepted, ref, now)];
}

/** The version that AWSCURRENT was moved back from. A check remembers that it did so; what a person did shows by the order of the versions. */
function leftBehind(o: Observation, current: KeyVersion, now: Date): KeyVersion | undefined {
  const left = o.versions.find((v) => v.previous && !sameKey(v, current));
  if (!left || (o.memory.timeline.undone && left.id.startsWith(o.memory.timeline.undone))) return left;
  const isNews = left.retire.length > 0 || now < plus(left.createdAt, NEWS);
  return left.createdAt > current.createdAt && isNews ? left : undefined;
}

function promotion(o: Observation, accepted: KeyVersion, current: KeyRef, now: Date): readonly Finding[] {
  const retiring = retiringOf(o).map(({ ref: key, until }) => ({
    key,
    until,
    leaked: leakedOn(o, key.fingerprint) !== undefined,
  }));
  if (retiring.length === 0 && now >= plus(accepted.createdAt, NEWS)) return [];
  const superseded =
    retiring.length > 0 || o.versions.some((v) => v.previous && v.content.kind !== 'placeholder');
  const { timeline, home } = o.memory;
  const how = timeline.how ?? (superseded ? 'submitted' : 'first-key');
  const unconfigured =
    o.expectedHome.organizationId === undefined && o.expectedHome.workspaceId === undefined;
  const details = { current, how, retiring, learnedHome: unconfigured ? home : undefined };
  return [finding('rotated', '0', details, accepted.id)];
}
