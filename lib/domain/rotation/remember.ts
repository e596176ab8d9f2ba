import { doubtNamed } from '../console/usage';
import { isSubmission } from '../fault';
import { rotationComplete } from '../findings/kinds/rotation-complete';
import { versionMark } from '../key';
import { keyCreatedAt } from '../key-age';
import type { LabelMove } from '../label-move';
import {
  lastChange,
  type Memory,
  type RememberedVerdict,
  type Timeline,
  timelineAbout,
  timelineOf,
} from '../memory';
import { refusedFor } from '../probe/vote';
import {
  fingerprintOf,
  isHomeConfigured,
  needsNoKey,
  type Observation,
  type Retiring,
  refOf,
  sameKey,
} from '../secret';
import { HOUR, plus, secondAfter, utcDay } from '../time';
import { missingKeys } from './predecessor';
import type { Retirement } from './retirement';

/** The secret's memory after this run, apart from notices. `before` is what was observed, `after` the same with the label moves made. */
export function remember(
  before: Observation,
  after: Observation,
  moves: readonly LabelMove[],
  retirements: readonly Retirement[],
  now: Date,
): Omit<Memory, 'notices'> {
  const { memory } = before;
  const { pendingRejection, snooze } = memory;
  const isPending =
    pendingRejection && after.submitted && pendingRejection.version === versionMark(after.submitted.id);
  return {
    checkedOn: utcDay(now),
    verdict: verdictNow(after, now),
    record: recordNow(after, now),
    snooze: snooze && now < snooze.until ? snooze : undefined,
    home: homeNow(after),
    pendingRejection: isPending ? pendingRejection : undefined,
    rejectedKeys: memory.rejectedKeys.filter((prefix) => !fingerprintOf(after.live)?.startsWith(prefix)),
    leaked: memory.leaked.filter(({ beginning }) => !hasLeakLabel(after, beginning)),
    sent: memory.sent,
    timeline: timelineNow({ before, after }, moves, retirements, now),
    retiringHints: hintsNow(after, retirements),
    retiringKeys: unproven(after, retirements).map(({ version, ref: { fingerprint, hint } }) => ({
      version: versionMark(version.id),
      fingerprint,
      hint,
    })),
    doubted: doubtedNow(retirements),
  };
}

/** Without what changes from check to check: a tag is written when the reason changes. */
function doubtedNow(retirements: readonly Retirement[]): Memory['doubted'] {
  const found = retirements.find(({ doubt }) => doubt !== undefined);
  if (!found?.doubt) return undefined;
  const { fingerprint, doubt } = found;
  return { fingerprint, doubt: doubtNamed(doubt.reason, 'statuses' in doubt ? doubt.statuses : [])! };
}

/** Of the keys that are not proven dead. One that lost its label counts until it has it again. */
function hintsNow(o: Observation, retirements: readonly Retirement[]): readonly string[] {
  return [
    ...unproven(o, retirements).map(({ ref }) => ref.hint),
    ...missingKeys(o).flatMap(({ version }) => refOf(version)?.hint ?? []),
  ];
}

function unproven(o: Observation, retirements: readonly Retirement[]): readonly Retiring[] {
  const proven = retirements.filter((r) => r.findings.some(rotationComplete.is)).map((r) => r.fingerprint);
  return o.retiring.filter(({ ref }) => !proven.includes(ref.fingerprint));
}

const hasLeakLabel = ({ versions }: Observation, wanted: string) =>
  versions.some(({ leaks }) => leaks.some(({ beginning }) => beginning === wanted));

/** Keeps the last conclusive verdict while there is no answer. */
function verdictNow(o: Observation, now: Date): RememberedVerdict | undefined {
  const ref = refOf(o.live);
  const verdict = o.live?.verdict;
  const old = o.memory.verdict?.fingerprint === ref?.fingerprint ? o.memory.verdict : undefined;
  if (!ref || !verdict) return old;
  const { fingerprint, hint } = ref;
  const base = { fingerprint, hint, keyCreatedAt: keyCreatedAt(o)! };
  if (verdict.kind === 'UNKNOWN') {
    const unknownSince = old?.unknownSince ?? now;
    const refusedSince = old?.refusedSince ?? (refusedFor(verdict) && now);
    return { kind: 'UNKNOWN', since: now, ...old, ...base, unknownSince, refusedSince };
  }
  const reason = verdict.kind === 'BLOCKED' ? verdict.reason : undefined;
  const same = old?.kind === verdict.kind && old.reason === reason;
  return { ...base, kind: verdict.kind, reason, since: same ? old.since : now };
}

/** Also kept for an accepted key while something else is live: it may come back, and must come back as old as it was. */
function recordNow(o: Observation, now: Date): Memory['record'] {
  const live = fingerprintOf(o.live);
  const ours = [live, fingerprintOf(o.accepted)];
  const old = ours.includes(o.memory.record?.fingerprint) ? o.memory.record : undefined;
  const record = o.inspections.find((i) => i.fingerprint === live)?.record;
  if (live === undefined || !record) return old;
  const { id, createdAt, expiresAt, personal } = record;
  return { fingerprint: live, id, createdAt, expiresAt, personal, inspectedOn: utcDay(now) };
}

/** Where the accepted key lives, for an environment that names no home. */
function homeNow(o: Observation): Memory['home'] {
  if (isHomeConfigured(o)) return undefined;
  const evidence = o.live?.verdict?.evidence;
  const accepted = sameKey(o.live, o.accepted);
  if (o.memory.home || !accepted || !evidence?.organizationId) return o.memory.home;
  return { organizationId: evidence.organizationId, workspaceId: evidence.workspaceId };
}

function timelineNow(
  { before, after }: { readonly before: Observation; readonly after: Observation },
  moves: readonly LabelMove[],
  retirements: readonly Retirement[],
  now: Date,
): Timeline {
  const proven = retirements.flatMap((r) => r.findings).find(rotationComplete.is);
  const off = retirements.find((r) => r.recordOff) ?? liveRecordOff(before);
  const base = moves.some((move) => move.do === 'accept')
    ? promoted(before, moves, now)
    : missedChange(after, moves)
      ? { changedAt: secondAfter(now) }
      : withUndone(before, moves, now);
  if (proven) {
    const { fingerprint } = proven.details.retired;
    const known = timelineAbout({ timeline: base }, fingerprint);
    return { ...known, provenAt: known.provenAt ?? now };
  }
  if (!off) return base;
  const known = timelineAbout({ timeline: base }, off.fingerprint);
  return { ...known, recordOffAt: known.recordOffAt ?? now };
}

/** A version is created before its key is accepted, by the clock of AWS. */
const CLOCKS_DIFFER = HOUR / 12;

/**
 * A key was accepted and the run died, or lost a race, before it could be remembered: another key was live when memory was written, or this one came
 * later. What is remembered of a rotation is about an earlier one then, and old tasks must not pass for fresh by its date.
 */
function missedChange({ live, accepted, memory }: Observation, moves: readonly LabelMove[]): boolean {
  const changedAt = lastChange(memory);
  if (!changedAt || !accepted || !sameKey(live, accepted)) return false;
  if (moves.some((move) => move.do === 'make-current')) return false;
  const known = memory.verdict?.fingerprint ?? fingerprintOf(live);
  return known !== fingerprintOf(live) || accepted.createdAt > plus(changedAt, CLOCKS_DIFFER);
}

/**
 * When the live key was accepted; undefined where the secret shows that it was later than memory tells, as after a change that could not be written
 * to a tag: an earlier moment would let tasks pass that hold the old key. In doubt it is not known: `missedChange` is slower to drop what is remembered.
 */
export function changeKnown({ memory, live, accepted }: Observation): Date | undefined {
  const { fingerprint, promotedAt } = memory.timeline;
  const at = lastChange(memory);
  const isLater = at !== undefined && accepted !== undefined && accepted.createdAt > at;
  const cameBack = promotedAt !== undefined && fingerprint === fingerprintOf(live);
  return isLater || cameBack ? undefined : at;
}

/** The record of a live key that was switched off through this system, and so is the one that the timeline is about. */
function liveRecordOff({ live, inspections, memory }: Observation) {
  const fingerprint = fingerprintOf(live);
  const record = inspections.find((each) => each.fingerprint === fingerprint)?.record;
  const isOurs = fingerprint !== undefined && memory.timeline.fingerprint === fingerprint;
  return isOurs && record && record.status !== 'active' ? { fingerprint } : undefined;
}

function withUndone(o: Observation, moves: readonly LabelMove[], now: Date): Timeline {
  const { timeline } = o.memory;
  const back = moves.find((move) => move.do === 'make-current');
  if (!back) return timeline;
  const undone = versionMark(back.from);
  const before = timeline.undone === undone ? (timeline.undos?.count ?? 1) : 0;
  const submitted = o.live && isSubmission(o, o.live) ? { submitted: true as const } : {};
  return { ...timeline, undone, undos: { count: before + 1, on: utcDay(now), ...submitted } };
}

function promoted(o: Observation, moves: readonly LabelMove[], now: Date): Timeline {
  const { live, accepted: superseded, submitted } = o;
  const pin = moves.find((move) => move.do === 'pin' && move.versionId === superseded?.id);
  const viaSubmission = sameKey(submitted, live);
  // AWSCURRENT was moved to an older version. An edit makes a new one.
  const wentBack = live && superseded && live.createdAt < superseded.createdAt;
  const firstKey = superseded === undefined && !moves.some((move) => move.do === 'pin');
  const howPromoted = (): Timeline['how'] => {
    if (needsNoKey(live)) return 'keyless';
    if (firstKey) return 'first-key';
    if (viaSubmission) return 'submitted';
    return wentBack ? 'rolled-back' : 'direct-edit';
  };
  return {
    fingerprint: fingerprintOf(superseded),
    how: howPromoted(),
    submittedAt: viaSubmission ? submitted?.createdAt : undefined,
    // Never earlier than it was, although a tag holds no parts of a second.
    promotedAt: secondAfter(now),
    graceEndsAt: pin?.do === 'pin' ? pin.until : undefined,
    deactivatedAt: timelineOf(o.memory, fingerprintOf(superseded)).deactivatedAt,
  };
}
