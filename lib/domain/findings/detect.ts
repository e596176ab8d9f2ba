import { type KeyRef, shortId } from '../key';
import { leakedOn, type RememberedVerdict, timelineOf } from '../memory';
import {
  acceptedBehind,
  answers,
  badBecause,
  dueDate,
  fingerprintOf,
  homeOf,
  isGood,
  type KeyVersion,
  keyCreatedAt,
  liveStateOf,
  type Observation,
  putInByHand,
  refOf,
  sameKey,
} from '../secret';
import { DAY, daysBetween, daysUntil, elapsed, HOUR, plus, utcDay } from '../time';
import type { Finding } from './catalogue';
import { awaitingFirstKey } from './kinds/awaiting-first-key';
import { blocked } from './kinds/blocked';
import { dead } from './kinds/dead';
import { diesWithItsOwner } from './kinds/dies-with-its-owner';
import { directEditRefused } from './kinds/direct-edit-refused';
import { due } from './kinds/due';
import { EXPIRY_WARNINGS, expiresSoon } from './kinds/expires-soon';
import { foreign } from './kinds/foreign';
import { INCONCLUSIVE_AFTER, inconclusive } from './kinds/inconclusive';
import { leaked } from './kinds/leaked';
import { notAKey } from './kinds/not-a-key';
import { overdue } from './kinds/overdue';
import { rejected } from './kinds/rejected';
import { rolledBack } from './kinds/rolled-back';
import { rotated } from './kinds/rotated';
import { sameKeyAgain } from './kinds/same-key-again';
import { submissionStuck } from './kinds/submission-stuck';
import { usageSpike } from './kinds/usage-spike';
import { countdown } from './repeat';

/** How long a submission may wait before it is worth a word. */
const STUCK_AFTER = DAY;

/** Everything that is true of the live key and its submission now, retiring keys apart. */
export function stateFindings(
  o: Observation,
  verdict: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const current = o.live;
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
    if (!directEditRefused.is(f)) return f;
    const acceptedIs = acceptedHasLeaked(o) ? 'LEAKED' : o.accepted?.verdict?.kind;
    return { ...f, details: { ...f.details, acceptedIs } };
  };

const acceptedHasLeaked = (o: Observation) => leakedOn(o, fingerprintOf(o.accepted)) !== undefined;

/** The secret holds no usable key. */
function content(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const { content } = current;
  if (content.kind === 'key' || content.kind === 'unread') return [];
  const accepted = refOf(o.accepted);
  if (content.kind === 'placeholder' && !accepted)
    return [awaitingFirstKey.find({ since: current.createdAt }, { since: current.createdAt, now })];
  if (content.kind === 'malformed' && accepted) {
    const details = { current: content, version: current.id, accepted, cause: 'malformed' as const };
    return [directEditRefused.find(details, { about: shortId(current.id), since: current.createdAt, now })];
  }
  const details = {
    content,
    version: current.id,
    accepted: acceptedHasLeaked(o) ? undefined : accepted,
  };
  return [notAKey.find(details, { about: shortId(current.id), since: current.createdAt, now })];
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
    const details = { current: ref, createdAt, dueAt, daysOver, live };
    return [overdue.find(details, { about: shortId(ref.fingerprint), since: dueAt, now })];
  }
  const daysLeft = daysUntil(dueAt, now);
  const reminder = countdown(o.policy.warnDays, daysLeft);
  const details = { current: ref, createdAt, dueAt, daysLeft, live };
  return reminder ? [due.find(details, { about: shortId(ref.fingerprint), reminder })] : [];
}

/** What only the Admin API knows. */
function admin(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const ref = refOf(current);
  if (!ref) return [];
  const about = shortId(ref.fingerprint);
  const inspection = o.inspections.find((i) => i.fingerprint === ref.fingerprint);
  const remembered = o.memory.record?.fingerprint === ref.fingerprint ? o.memory.record : undefined;
  const record = inspection?.record ?? remembered;
  const findings: Finding[] = [];
  if (record?.expiresAt && record.expiresAt > now) {
    const daysLeft = daysUntil(record.expiresAt, now);
    const reminder = countdown(EXPIRY_WARNINGS, daysLeft);
    const details = { current: ref, expiresAt: record.expiresAt, daysLeft };
    if (reminder) findings.push(expiresSoon.find(details, { about, reminder }));
  }
  if (record?.personal)
    findings.push(diesWithItsOwner.find({ current: ref, recordId: record.id }, { about }));
  if (inspection?.spike) {
    const { spike } = inspection;
    findings.push(usageSpike.find({ current: ref, spike }, { reminder: utcDay(spike.hour) }));
  }
  return findings;
}

/** A human's submission that was refused, or that nobody gets through. */
function submission(o: Observation, verdict: RememberedVerdict | undefined, now: Date): readonly Finding[] {
  const submitted = o.submitted;
  if (!submitted || submitted.current) return [];
  const live = liveStateOf(o, verdict);
  const about = shortId(submitted.id);
  const refusal = o.memory.pendingRejection;
  if (refusal && submitted.id.startsWith(refusal.version)) {
    return [
      rejected.find(
        { version: submitted.id, reason: refusal.reason, content: submitted.content, live },
        { about },
      ),
    ];
  }
  const ref = refOf(submitted);
  const late = plus(submitted.createdAt, STUCK_AFTER);
  if (!ref || now < late) return [];
  const details = { submitted: ref, since: submitted.createdAt, live };
  return [submissionStuck.find(details, { about, since: late, now })];
}

/** How long a change is news: within it the notice of a promotion or a rollback is sent, however long nobody could be told. */
const NEWS = 30 * DAY;

/** Promotions and rollbacks, told from the labels they leave, so that a crash between the move and the mail loses nothing. */
function newsFindings(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const accepted = o.accepted;
  const ref = refOf(current);
  if (!ref || !accepted || !sameKey(current, accepted)) return [];
  const left = leftBehind(o, current, now);
  if (left) {
    const details = { restored: ref, removed: left.content, cause: badBecause(left) ?? ('by-hand' as const) };
    return [rolledBack.find(details, { about: shortId(left.id) })];
  }
  const again =
    accepted.id !== current.id && current.createdAt > accepted.createdAt
      ? [sameKeyAgain.find({ current: ref, createdAt: keyCreatedAt(o)! }, { about: shortId(current.id) })]
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
  const retiring = o.retiring.map(({ ref: key, until }) => ({
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
  return [rotated.find(details, { about: shortId(accepted.id) })];
}

/** Whether the live key works, as its probe says. */
function livenessFindings(
  o: Observation,
  current: KeyVersion,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const ref = refOf(current);
  const verdict = current.verdict;
  if (!ref || !verdict) return [];
  const about = shortId(ref.fingerprint);
  const since = remembered?.since ?? now;
  const accepted = o.accepted;
  const bad = badBecause(current);
  if (bad && accepted && !sameKey(current, accepted) && putInByHand(o, current)) {
    const details = { current: current.content, version: current.id, accepted: refOf(accepted), cause: bad };
    return [directEditRefused.find(details, { about: shortId(current.id), since, now })];
  }
  if (bad === 'elsewhere') {
    const { organizationId, workspaceId } = verdict.evidence;
    const details = { current: ref, seen: { organizationId, workspaceId }, expected: homeOf(o) };
    return [foreign.find(details, { about, since, now })];
  }
  if (bad === 'dead') {
    const behind = acceptedBehind(o);
    const fallback = [...o.retiring, ...(behind ? [behind] : [])].find(
      ({ version, ref: { fingerprint } }) => isGood(version) && !leakedOn(o, fingerprint),
    )?.ref;
    const details = {
      current: ref,
      since,
      evidence: verdict.evidence,
      onPurpose: isOnPurpose(o, ref),
      fallback,
    };
    return [dead.find(details, { about, since, now })];
  }
  if (verdict.kind === 'BLOCKED') return cannotBeUsed(ref, verdict, since, now);
  return verdict.kind === 'UNKNOWN' ? noAnswer(ref, verdict, remembered, now) : [];
}

const isOnPurpose = (o: Observation, { fingerprint }: KeyRef) =>
  leakedOn(o, fingerprint) !== undefined || timelineOf(o.memory, fingerprint).deactivatedAt !== undefined;

/** Anthropic takes some minutes until a change is known everywhere. */
function wasSwitchedOff({ memory }: Observation, { fingerprint }: KeyRef, now: Date): boolean {
  const { deactivatedAt } = timelineOf(memory, fingerprint);
  return deactivatedAt !== undefined && now < plus(deactivatedAt, HOUR);
}

/** Every key that was reported as leaked and still answers. */
function leakFindings(o: Observation, now: Date): readonly Finding[] {
  const found = new Set<string>();
  return o.versions.flatMap((version) => {
    const key = refOf(version);
    const on = leakedOn(o, key?.fingerprint);
    if (!key || !on || !answers(version) || found.has(key.fingerprint)) return [];
    found.add(key.fingerprint);
    if (wasSwitchedOff(o, key, now)) return [];
    const live = key.fingerprint === fingerprintOf(o.live);
    const details = { leaked: key, state: 'still-works' as const, live, evidence: version.verdict!.evidence };
    return [leaked.find(details, { about: shortId(key.fingerprint), since: on, now })];
  });
}

function cannotBeUsed(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'BLOCKED' }>,
  since: Date,
  now: Date,
): readonly Finding[] {
  const patience = verdict.reason === 'rate-limit' ? INCONCLUSIVE_AFTER : 0;
  if (elapsed(since, now) < patience) return [];
  const { reason, advice, evidence } = verdict;
  const details = { current, reason, since, advice, evidence };
  return [blocked.find(details, { about: reason, since: plus(since, patience), now })];
}

function noAnswer(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'UNKNOWN' }>,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const since = remembered?.unknownSince ?? now;
  const late = plus(since, INCONCLUSIVE_AFTER);
  if (now <= late) return [];
  const { reason, advice } = verdict;
  return [inconclusive.find({ current, since, reason, advice }, { since: late, now })];
}
