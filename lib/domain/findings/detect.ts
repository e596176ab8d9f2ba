import { faultOf, isGood, isSubmission, unacceptedFaultOf } from '../fault';
import { type KeyRef, shortId, versionMark } from '../key';
import { dueDate, keyCreatedAt } from '../key-age';
import { lastChange, leakedOn, type RememberedVerdict, timelineOf } from '../memory';
import { type RefusedReason, refusedFor } from '../probe/vote';
import {
  acceptedBehind,
  answers,
  fingerprintOf,
  homeOf,
  isHomeConfigured,
  isMisplaced,
  type KeyVersion,
  liveStateOf,
  needsNoKey,
  type Observation,
  refOf,
  sameKey,
} from '../secret';
import { DAY, daysBetween, daysUntil, elapsed, HOUR, plus } from '../time';
import type { EditCause } from '../wording/phrases';
import { type Finding, KINDS, rowOf } from './catalogue';
import { awaitingFirstKey } from './kinds/awaiting-first-key';
import { blocked } from './kinds/blocked';
import { dead } from './kinds/dead';
import { type DirectEditRefused, directEditRefused } from './kinds/direct-edit-refused';
import { due } from './kinds/due';
import { foreign } from './kinds/foreign';
import { INCONCLUSIVE_AFTER, inconclusive } from './kinds/inconclusive';
import { keyless } from './kinds/keyless';
import { leaked } from './kinds/leaked';
import { notAKey } from './kinds/not-a-key';
import { overdue } from './kinds/overdue';
import { alarmTells, refused } from './kinds/refused';
import { rejected } from './kinds/rejected';
import { rolledBack } from './kinds/rolled-back';
import { rotated } from './kinds/rotated';
import { sameKeyAgain } from './kinds/same-key-again';
import { submissionStuck } from './kinds/submission-stuck';
import { type Look, lookAt } from './look';
import { countdown, FIRST, peopleHave } from './repeat';

/** How long a submission may wait before people are told. */
const STUCK_AFTER = DAY;

/** Everything that is true now of the live key and its submission, retiring keys apart. */
export function stateFindings(
  o: Observation,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const look = lookAt(o, remembered, now);
  // Whoever creates a secret without a value, as Terraform does, leaves it without any version.
  if (!look) return [awaitingFirstKey.find({ since: o.createdAt }, { since: o.createdAt, now })];
  return [
    ...newsFindings(look),
    ...contentFindings(look),
    ...livenessFindings(look),
    ...ageFindings(look),
    ...leakFindings(o, now),
    ...ownFindings(look),
    ...submissionFindings(look),
  ];
}

/** A bad value that stands, with the state of the key before it: people need to know whether they can go back. */
function badValue({ o, live, now }: Look, cause: DirectEditRefused['cause'], since: Date): Finding {
  const acceptedIs = acceptedHasLeaked(o) ? ('LEAKED' as const) : o.accepted?.verdict?.kind;
  const accepted = refOf(o.accepted);
  const submitted = isSubmission(o, live);
  const details = { current: live.content, version: live.id, accepted, cause, submitted, acceptedIs };
  return directEditRefused.find(details, { about: versionMark(live.id), since, now });
}

const hasLeaked = (o: Observation, fingerprint: string | undefined) => leakedOn(o, fingerprint) !== undefined;

const acceptedHasLeaked = (o: Observation) => hasLeaked(o, fingerprintOf(o.accepted));

/** The secret holds no usable key. */
function contentFindings(look: Look): readonly Finding[] {
  const { o, live, now } = look;
  const { content, createdAt: since } = live;
  if (content.kind === 'key' || content.kind === 'unread') return [];
  const accepted = refOf(o.accepted);
  if (needsNoKey(live)) {
    const retiring = o.retiring.map(({ ref: key, until }) => ({ key, until }));
    return [keyless.find({ version: live.id, retiring }, { about: versionMark(live.id) })];
  }
  if (content.kind === 'placeholder' && !accepted) return [awaitingFirstKey.find({ since }, { since, now })];
  if (content.kind === 'malformed' && accepted) return [badValue(look, 'malformed', since)];
  const details = { content, version: live.id, accepted: acceptedHasLeaked(o) ? undefined : accepted };
  return [notAKey.find(details, { about: versionMark(live.id), since, now })];
}

/** Due and overdue. A key that is dead or foreign has a more urgent finding, and the same remedy. */
function ageFindings({ o, live, ref, remembered, now }: Look): readonly Finding[] {
  const createdAt = keyCreatedAt(o);
  if (!ref || !createdAt || faultOf(live, o)) return [];
  const dueAt = dueDate(createdAt, o.policy.maxAgeDays);
  const details = { current: ref, createdAt, dueAt };
  const about = shortId(ref.fingerprint);
  const state = liveStateOf(o, remembered);
  if (now >= dueAt) {
    const daysOver = daysBetween(dueAt, now);
    return [overdue.find({ ...details, daysOver, live: state }, { about, since: dueAt, now })];
  }
  const daysLeft = daysUntil(dueAt, now);
  const reminder = countdown(o.policy.warnDays, daysLeft);
  return reminder ? [due.find({ ...details, daysLeft, live: state }, { about, reminder })] : [];
}

/** The findings of kinds that need nothing but the look. */
const ownFindings = (look: Look): readonly Finding[] =>
  KINDS.flatMap(({ kind }) => {
    const row = rowOf(kind);
    return (row.detect?.(look) ?? []).map(({ details, ...options }) => row.find(details, options) as Finding);
  });

/** A submission that was refused, or that has been waiting for too long. */
function submissionFindings({ o, remembered, now }: Look): readonly Finding[] {
  const { submitted } = o;
  if (!submitted || submitted.current) return [];
  const { id: version, content, createdAt: since } = submitted;
  const live = liveStateOf(o, remembered);
  const about = versionMark(version);
  const refusal = o.memory.pendingRejection;
  if (refusal?.version === about)
    return [rejected.find({ version, reason: refusal.reason, content, live }, { about })];
  const ref = refOf(submitted);
  const late = plus(since, STUCK_AFTER);
  if (!ref || sameKey(submitted, o.live) || now < late) return [];
  return [submissionStuck.find({ submitted: ref, since, live }, { about, since: late, now })];
}

/** How long a promotion or a rollback is still reported, however long its notice could not be sent. */
const NEWS = 30 * DAY;

/** Promotions and rollbacks, read from the labels they leave, so that a crash between the move and the mail loses nothing. */
function newsFindings({ o, live, ref, now }: Look): readonly Finding[] {
  const { accepted } = o;
  if (!ref || !accepted || !sameKey(live, accepted)) return [];
  const left = leftBehind(o, live, now);
  if (left) {
    const submitted = wasUndone(o, left) ? o.memory.timeline.undos?.submitted === true : undefined;
    const details = {
      ...{ restored: ref, removed: left.content, cause: whyUndone(o, left), submitted },
      ...wentBackAt(o, left),
    };
    return [rolledBack.find(details, { about: versionMark(left.id), reminder: undoReminder(o, left) })];
  }
  const promoted = promotion(o, accepted, ref, now);
  if (!isPutAgain(o, live, accepted)) return promoted;
  const again = sameKeyAgain.find(
    { current: ref, createdAt: keyCreatedAt(o)! },
    { about: versionMark(live.id) },
  );
  if (promoted.every(({ id, reminder }) => peopleHave(o.memory.notices[id], reminder)))
    return [again, ...promoted];
  // One truth at a time: a key has either just become live or was so before. The other one may follow with the next check.
  return o.retiring.length > 0 || elapsed(accepted.createdAt, now) < DAY ? promoted : [again];
}

/** Written again while it was live already. Copies that a secret held before its key was accepted are no news. */
function isPutAgain({ memory }: Observation, live: KeyVersion, accepted: KeyVersion): boolean {
  const { promotedAt } = memory.timeline;
  const wasAccepted = promotedAt === undefined || live.createdAt > promotedAt;
  return accepted.id !== live.id && live.createdAt > accepted.createdAt && wasAccepted;
}

/** The version that AWSCURRENT was moved back from. A check remembers its own move; a person's shows in the order of the versions. */
function leftBehind(o: Observation, live: KeyVersion, now: Date): KeyVersion | undefined {
  const left = o.versions.find(
    (v) => v.previous && (!sameKey(v, live) || (isMisplaced(v) && !isMisplaced(live))),
  );
  if (!left || wasUndone(o, left)) return left;
  const isNews = left.retire.length > 0 || now < plus(left.createdAt, NEWS);
  return left.createdAt > live.createdAt && isNews ? left : undefined;
}

const wasUndone = ({ memory }: Observation, { id }: KeyVersion) => memory.timeline.undone === versionMark(id);

/** Why somebody or the check went back. A key that stood where services do not look may have been live on purpose, and left by a person. */
function whyUndone(o: Observation, left: KeyVersion): EditCause {
  const byMachine = wasUndone(o, left);
  const onPurpose = isMisplaced(left) && o.policy.autoRollback && !byMachine;
  const fault = onPurpose ? undefined : faultOf(left, o);
  return fault ?? (byMachine && hasLeaked(o, fingerprintOf(left)) ? 'leaked' : 'by-hand');
}

/** When a person's way back was accepted. Of a check's own no moment is remembered. */
function wentBackAt({ memory }: Observation, left: KeyVersion): { readonly changedAt?: Date } {
  const { how, promotedAt } = timelineOf(memory, fingerprintOf(left));
  return how === 'rolled-back' && promotedAt ? { changedAt: promotedAt } : {};
}

/** How often the same bad edit was undone: the first, second, fifth and tenth time, then once on every day on which it comes back. */
function undoReminder(o: Observation, left: KeyVersion): string {
  const undos = wasUndone(o, left) ? o.memory.timeline.undos : undefined;
  const { count, on } = undos ?? { count: 1, on: '' };
  if (count > 10) return `10-${on}`;
  const reached = [2, 5, 10].findLast((announced) => announced <= count);
  return reached === undefined ? FIRST : String(reached);
}

function promotion(o: Observation, accepted: KeyVersion, current: KeyRef, now: Date): readonly Finding[] {
  const retiring = o.retiring.map(({ ref: key, until }) => ({
    key,
    until,
    leaked: hasLeaked(o, key.fingerprint),
  }));
  if (retiring.length === 0 && now >= plus(accepted.createdAt, NEWS)) return [];
  // A way back is told as a rollback, or no longer.
  if (o.memory.timeline.how === 'rolled-back') return [];
  const superseded =
    retiring.length > 0 || o.versions.some((v) => v.previous && v.content.kind !== 'placeholder');
  const { how: known } = o.memory.timeline;
  const how = known === undefined || known === 'keyless' ? (superseded ? 'submitted' : 'first-key') : known;
  const learnedHome = isHomeConfigured(o) ? undefined : o.memory.home;
  const stands = o.live?.content.kind === 'key' ? o.live.content.stands : undefined;
  const changedAt = lastChange(o.memory);
  const created = o.inspections.find((each) => each.fingerprint === current.fingerprint)?.created;
  const details = {
    ...{ current, how, retiring, learnedHome },
    ...(created && { created }),
    ...(stands && { stands }),
    ...(changedAt && { changedAt }),
  };
  return [rotated.find(details, { about: versionMark(accepted.id) })];
}

/** Whether the live key works, as its probe says. */
function livenessFindings(look: Look): readonly Finding[] {
  const { o, live, ref, remembered, now } = look;
  const { verdict } = live;
  if (!ref || !verdict) return [];
  const since = remembered?.since ?? now;
  const options = { about: shortId(ref.fingerprint), since, now };
  const { evidence } = verdict;
  const fault = faultOf(live, o);
  const unacceptedFault = unacceptedFaultOf(o, live);
  if (unacceptedFault) return [badValue(look, unacceptedFault, since)];
  if (fault === 'elsewhere') {
    const { organizationId, workspaceId } = evidence;
    const details = { current: ref, seen: { organizationId, workspaceId }, expected: homeOf(o) };
    return [foreign.find(details, options)];
  }
  if (fault === 'dead') {
    return [dead.find({ current: ref, since, evidence, ...causeOf(look, ref) }, options)];
  }
  if (verdict.kind === 'BLOCKED') {
    const { reason, advice } = verdict;
    const patience = reason === 'rate-limit' ? INCONCLUSIVE_AFTER : 0;
    if (elapsed(since, now) < patience) return [];
    const details = { current: ref, reason, since, advice, evidence };
    return [blocked.find(details, { about: reason, since: plus(since, patience), now })];
  }
  if (verdict.kind !== 'UNKNOWN') return [];
  const because = refusedFor(verdict);
  if (because) {
    const recordStatus = offByRecord(look, ref);
    if (recordStatus === undefined) return [refusal(look, ref, because)];
    return [dead.find({ current: ref, since, evidence, recordStatus, ...causeOf(look, ref) }, options)];
  }
  const { reason, advice } = verdict;
  const silentSince = remembered?.unknownSince ?? now;
  const late = plus(silentSince, INCONCLUSIVE_AFTER);
  if (now <= late) return [];
  return [inconclusive.find({ current: ref, since: silentSince, reason, advice }, { since: late, now })];
}

/** The status of the live key's record where it is off now and was in an earlier run: the other half of a proof, beside a refusal. */
function offByRecord({ o, inspection, now }: Look, { fingerprint }: KeyRef): string | undefined {
  const status = inspection?.record?.status;
  const { recordOffAt } = timelineOf(o.memory, fingerprint);
  const wasOff = recordOffAt !== undefined && recordOffAt < now;
  return status !== undefined && status !== 'active' && wasOff ? status : undefined;
}

/** The live key is refused, and not provably dead. */
function refusal(look: Look, ref: KeyRef, because: RefusedReason): Finding {
  const { o, live, remembered, now } = look;
  const since = remembered?.refusedSince ?? now;
  const { evidence } = live.verdict!;
  const cause = { alarmTells: alarmTells(o, since, now), ...causeOf(look, ref) };
  const details = { current: ref, since, evidence, because, ...cause };
  return refused.find(details, { about: shortId(ref.fingerprint), since, now });
}

/** Whether the live key was stopped on purpose, who switched it off, and what people may go back to. */
const causeOf = ({ o, inspection }: Look, ref: KeyRef) => ({
  onPurpose: hasLeaked(o, ref.fingerprint) || deactivatedAt(o, ref) !== undefined,
  ...(inspection?.switched && { who: inspection.switched }),
  fallback: fallbackOf(o),
});

/** An earlier key that works, and did not leak. */
function fallbackOf(o: Observation): KeyRef | undefined {
  const earlier = [...o.retiring, acceptedBehind(o)].filter((key) => key !== undefined);
  return earlier.find(({ version, ref }) => isGood(version) && !hasLeaked(o, ref.fingerprint))?.ref;
}

const deactivatedAt = ({ memory }: Observation, { fingerprint }: KeyRef) =>
  timelineOf(memory, fingerprint).deactivatedAt;

/** Anthropic takes some minutes until a change takes effect everywhere. */
function wasSwitchedOff(o: Observation, ref: KeyRef, now: Date): boolean {
  const at = deactivatedAt(o, ref);
  return at !== undefined && now < plus(at, HOUR);
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
