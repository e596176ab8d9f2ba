import type { Inspection } from '../console/record';
import { doubtEndedBy, doubtInWords, doubtPasses, type Usage, type UsageDoubt } from '../console/usage';
import type { WhoSwitched } from '../console/who';
import { isGood } from '../fault';
import type { Finding } from '../findings/catalogue';
import { extended } from '../findings/kinds/extended';
import { graceOver } from '../findings/kinds/grace-over';
import { type ProofOfDeath, rotationComplete } from '../findings/kinds/rotation-complete';
import { unproven } from '../findings/kinds/unproven';
import { zombie } from '../findings/kinds/zombie';
import { reminderIn } from '../findings/repeat';
import { notFresh } from '../freshness';
import { shortId } from '../key';
import type { LabelMove } from '../label-move';
import { leakedOn, timelineOf } from '../memory';
import { withinWorkingHours } from '../policy';
import {
  answers,
  fingerprintOf,
  graceFrom,
  needsNoKey,
  type Observation,
  type Retiring,
  refOf,
  unpins,
} from '../secret';
import { DAY, elapsed, HOUR, plus } from '../time';

/** What to do about one superseded key. */
export interface Retirement {
  readonly fingerprint: string;
  readonly findings: readonly Finding[];
  readonly release?: Release;
  /** Ask the function with Admin access to switch this key off. */
  readonly deactivate?: string;
  /** The Admin record is off, seen now: half of a proof by record. */
  readonly recordOff?: boolean;
  /** Why a machine that is to switch it off does not: whether it is used is not known. */
  readonly doubt?: UsageDoubt;
}

/** Label moves that wait until the notice of a finding is out: a later deadline, or the last label of a dead key. */
export interface Release {
  readonly findingId: string;
  readonly moves: readonly LabelMove[];
  /** Until then they wait for its event, too, because no later run finds what it says. @default they wait for people alone */
  readonly eventUntil?: Date;
}

/** How long a label that is to go waits for a bus that refuses events. No key depends on it: it is dead, or refused and nowhere in use. */
export const EVENT_WAITS = 2 * DAY;

/** How long after its grace period a retiring key may give no answer before people are told that nothing is proven. */
const UNPROVEN_AFTER = DAY;

/** A key still alive this long after its grace period is a zombie; until then people are asked to switch it off. */
const ZOMBIE_AFTER = DAY;

/** How long after its grace period a doubt that may pass by itself is waited for, before a person is asked. */
const PATIENCE_WITH_USAGE = 6 * HOUR;

/** One superseded key, and all that bears on it. */
interface Case extends Retiring {
  readonly o: Observation;
  readonly inspection?: Inspection;
  /** Tells its findings from those of other superseded keys. */
  readonly about: string;
  readonly now: Date;
}

/** Walks every superseded key towards its proven death. An error, a doubt or a missing answer changes nothing. */
export function retire(o: Observation, now: Date): readonly Retirement[] {
  return o.retiring.map((key) => {
    const { fingerprint } = key.ref;
    const inspection = o.inspections.find((i) => i.fingerprint === fingerprint);
    return { fingerprint, ...retireOne({ ...key, o, inspection, about: shortId(fingerprint), now }) };
  });
}

type Steps = Omit<Retirement, 'fingerprint'>;

function retireOne(key: Case): Steps {
  const { version, until, inspection, now } = key;
  const recordOff = isOff(inspection);
  const proof = proofOfDeath(key);
  if (proof) {
    const found = completed(key.o, { ...key, who: inspection?.switched }, proof, now);
    const eventUntil = plus(provenSince(key), EVENT_WAITS);
    return { findings: [found], release: { findingId: found.id, moves: unpins(version), eventUntil } };
  }
  if (now < until) return { findings: [], recordOff };
  if (answers(version)) return { ...stillAlive(key), recordOff };
  const patient = isZombieStill(key) || elapsed(until, now) < UNPROVEN_AFTER;
  return { findings: patient ? [] : [noProof(key)], recordOff };
}

/** It was alive after its grace period. Silence ends no zombie until its next reminder is a day late. */
function isZombieStill({ o, about, until, now }: Case): boolean {
  const sent = reminderIn(o.memory.notices[zombie.idOf(about)] ?? '');
  return [now, plus(now, -DAY)].some((at) => sent === zombie.reminderAt(plus(until, ZOMBIE_AFTER), at));
}

/**
 * DEAD while the new key is ALIVE in the same run, or none is needed any more, and no Admin record says active; or an Admin record that was off
 * in an earlier run and is off now, while the key shows no sign of life.
 */
function proofOfDeath({ o, version: { verdict }, ref, inspection }: Case): ProofOfDeath | undefined {
  const { live } = o;
  if (!live || !(isGood(live) || needsNoKey(live)) || !verdict) return undefined;
  const record = inspection?.record;
  if (verdict.kind === 'DEAD') {
    if (record?.status === 'active' || (o.adminAccess && !inspection)) return undefined;
    return { by: 'probe', evidence: verdict.evidence, recordStatus: record?.status };
  }
  const seenOffBefore = timelineOf(o.memory, ref.fingerprint).recordOffAt !== undefined;
  return verdict.kind === 'UNKNOWN' && record && isOff(inspection) && seenOffBefore
    ? { by: 'record', recordId: record.id, recordStatus: record.status }
    : undefined;
}

/**
 * Since when a death is proven. Memory has one rotation: of several dead keys, those that are not remembered wait no longer than the one that is, as
 * long as that one still waits itself.
 */
function provenSince({ o, ref, now }: Case): Date {
  const { fingerprint, provenAt } = o.memory.timeline;
  const waits = o.retiring.some((other) => other.ref.fingerprint === fingerprint);
  const isOurs = fingerprint === ref.fingerprint || waits;
  return provenAt && isOurs && provenAt < now ? provenAt : now;
}

const isOff = (inspection: Inspection | undefined) =>
  inspection?.record !== undefined && inspection.record.status !== 'active';

/** The end of a superseded key's rotation, by whatever proof. The secret must hold a live key, or need none. */
export function completed(
  o: Observation,
  { ref, until, who }: Pick<Retiring, 'ref' | 'until'> & { readonly who?: WhoSwitched },
  proof: ProofOfDeath,
  now: Date,
) {
  const { fingerprint } = ref;
  const { changedAt: _, ...known } = timelineOf(o.memory, fingerprint);
  const timeline = {
    ...known,
    fingerprint,
    graceEndsAt: until,
    provenAt: now,
  };
  const leaked = leakedOn(o, fingerprint) !== undefined;
  const details = { retired: ref, proof, current: refOf(o.live), timeline, leaked, ...(who && { who }) };
  return rotationComplete.find(details, { about: shortId(fingerprint) });
}

/**
 * Alive after its grace period: extend it while it is provably used, or while a registered consumer may still hold it; switch it off where the policy
 * says so, else ask a person.
 */
function stillAlive(key: Case): Steps {
  const { o, ref, until, inspection, now } = key;
  // The finding about the leak is louder, and a leaked key never gets more time.
  if (leakedOn(o, ref.fingerprint)) return { findings: [] };
  const usage = inspection?.usage;
  const automatic =
    o.adminAccess && o.policy.deactivate === 'automatic' && o.live !== undefined && isGood(o.live);
  const idle = usage?.kind === 'idle' && inspection?.record?.status === 'active';
  const free = o.consumers !== undefined && notFresh(o.consumers).length === 0;
  const used = extensionsUsed(key);
  if (used >= 0 && used < o.policy.maxGraceExtensions) {
    if (usage?.kind === 'in-use') return extendGrace(key, 'in-use', usage, used + 1);
    // Only where a machine would switch it off now.
    if (automatic && idle && !free) return extendGrace(key, 'consumers', usage, used + 1);
  }
  const doubt = automatic ? doubtAbout(inspection) : undefined;
  const isZombie = elapsed(until, now) >= ZOMBIE_AFTER;
  const findings = isZombie ? [aZombie(key, doubt)] : [];
  if (automatic && idle && free && withinWorkingHours(o.policy.workingHours, now))
    return { findings, deactivate: ref.fingerprint };
  // It is out of hours, or usage may be known at the next check: nobody is asked to do the machine's work yet.
  const waits = doubt && doubtPasses(doubt) && elapsed(until, now) < PATIENCE_WITH_USAGE;
  if (isZombie || waits || (automatic && idle && free)) return { findings, doubt };
  return { findings: [askAPerson(key)], doubt };
}

/** Why it is not known whether an old key is used; undefined where it is. */
function doubtAbout(inspection: Inspection | undefined): UsageDoubt | undefined {
  if (inspection && !inspection.record) return { reason: 'no-record' };
  const { usage = { kind: 'unknown', reason: 'no-answer' } as const } = inspection ?? {};
  return usage.kind === 'unknown' ? usage : undefined;
}

/** Why a machine leaves a key on, and what ends the doubt. */
const onAGuess = (doubt: UsageDoubt) =>
  [
    `It was not switched off automatically, because whether it is still in use is not known: ${doubtInWords(doubt)}.`,
    doubtEndedBy(doubt),
  ]
    .filter(Boolean)
    .join(' ');

/** Consumers that may still hold an old key, where there are any. */
function staleIn({ consumers }: Observation) {
  const stale = notFresh(consumers);
  return stale.length > 0 ? { consumers: stale } : {};
}

function extendGrace(
  { o, version, ref, about, now }: Case,
  cause: 'in-use' | 'consumers',
  usage: Usage,
  extension: number,
): Steps {
  const later = graceFrom(now, 24);
  const most = o.policy.maxGraceExtensions;
  const details = { retiring: ref, until: later, cause, usage, ...staleIn(o), extension, most };
  const found = extended.find(details, { about, reminder: String(extension) });
  const moves: LabelMove[] = [{ do: 'pin', versionId: version.id, until: later }, ...unpins(version)];
  return { findings: [found], release: { findingId: found.id, moves } };
}

/**
 * How often the grace period was extended, from the labels alone: the days by which the deadline exceeds the original one, which counts from the
 * first appearance of the latest key that came after this one. Negative where a person ended the grace period early: that is not to be undone.
 */
function extensionsUsed({ o, version, ref, until }: Case): number {
  const came = new Map<string, number>();
  for (const v of o.versions) {
    if (v.createdAt <= version.createdAt || !(v.current || v.previous || v.accepted || v.retire.length > 0))
      continue;
    const which = fingerprintOf(v) ?? v.id;
    came.set(which, Math.min(v.createdAt.getTime(), came.get(which) ?? Number.POSITIVE_INFINITY));
  }
  // A key that was left by a rollback has no successor: the move itself is remembered.
  const left = timelineOf(o.memory, ref.fingerprint).promotedAt;
  const superseded = Math.max(...came.values(), (left ?? version.createdAt).getTime());
  const extra = until.getTime() - superseded - o.policy.graceHours * HOUR;
  if (extra < -SLACK) return -1;
  return extra < DAY / 2 ? 0 : Math.round(extra / DAY);
}

/** A version is created some minutes, seldom an hour, before its promotion sets the deadline. */
const SLACK = HOUR;

const askAPerson = ({ o, version: { liveIn }, ref, until, inspection, about }: Case): Finding =>
  graceOver.find(
    {
      retiring: ref,
      since: until,
      recordId: inspection?.record?.id,
      why: whyAPerson(o, inspection),
      liveIn,
      ...staleIn(o),
    },
    { about },
  );

function whyAPerson(o: Observation, inspection: Inspection | undefined): string {
  if (!o.adminAccess)
    return 'This deployment has no Admin access to Anthropic, so only a person can switch a key off.';
  if (o.policy.deactivate === 'prompt')
    return "This key's policy asks a person before a key is switched off.";
  if (needsNoKey(o.live))
    return 'This secret needs no key any more, and no machine switches off a key that no other one replaces.';
  const usage = inspection?.usage;
  if (usage?.kind === 'in-use')
    return 'The old key is still in use, and its grace period was extended as often as the policy allows.';
  if (usage?.kind === 'idle' && notFresh(o.consumers).length > 0)
    return 'A consumer of this key may still run with the old key, and its grace period is not extended any further.';
  if (usage?.kind === 'idle')
    return 'Its record at Anthropic could not be matched with certainty, or the new key is not proven alive.';
  return onAGuess(doubtAbout(inspection) ?? { reason: 'no-answer' });
}

const aZombie = ({ o, version, ref, until, about, now }: Case, doubt: UsageDoubt | undefined): Finding =>
  zombie.find(
    {
      retiring: ref,
      since: until,
      evidence: version.verdict!.evidence,
      ...(doubt && { why: onAGuess(doubt) }),
      liveIn: version.liveIn,
      ...staleIn(o),
    },
    { about, since: plus(until, ZOMBIE_AFTER), now },
  );

function noProof({ ref, until, version: { verdict }, about, now }: Case): Finding {
  const because =
    verdict?.kind === 'UNKNOWN' ? verdict.reason : verdict?.kind === 'DEAD' ? 'contradicted' : 'not-probed';
  return unproven.find(
    { retiring: ref, since: until, because, veto: verdict?.evidence.veto },
    { about, since: plus(until, UNPROVEN_AFTER), now },
  );
}
