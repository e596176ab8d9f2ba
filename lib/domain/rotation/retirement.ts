import type { Inspection } from '../console/record';
import type { Finding } from '../findings/catalogue';
import { extended } from '../findings/kinds/extended';
import { graceOver } from '../findings/kinds/grace-over';
import { type ProofOfDeath, rotationComplete } from '../findings/kinds/rotation-complete';
import { unproven } from '../findings/kinds/unproven';
import { zombie } from '../findings/kinds/zombie';
import { shortId } from '../key';
import { leakedOn, timelineOf } from '../memory';
import { withinWorkingHours } from '../policy';
import {
  answers,
  fingerprintOf,
  graceFrom,
  isGood,
  type LabelMove,
  type Observation,
  type Retiring,
  refOf,
  unpins,
} from '../secret';
import { DAY, elapsed, HOUR, plus } from '../time';

/** What is to be done about one superseded key. */
export interface Retirement {
  readonly fingerprint: string;
  readonly findings: readonly Finding[];
  /** Label moves that wait until the notice of this finding id is out: a later deadline, or the last label of a dead key. */
  readonly release?: { readonly findingId: string; readonly moves: readonly LabelMove[] };
  /** Ask the function with Admin access to switch it off. */
  readonly deactivate?: string;
  /** Half of a proof by record: the Admin record is off, seen now. */
  readonly recordOff?: boolean;
}

/** How long a retiring key may give no answer after its grace before people are told that nothing is proven. */
const UNPROVEN_AFTER = DAY;

/** A key still alive this long after its grace is a zombie; until then people are asked to switch it off. */
const ZOMBIE_AFTER = DAY;

/** Walks every superseded key towards its proven death. An error, a doubt or a missing answer changes nothing. */
export function retire(o: Observation, now: Date): readonly Retirement[] {
  return o.retiring.map((key) => ({ fingerprint: key.ref.fingerprint, ...retireOne(o, key, now) }));
}

type Steps = Omit<Retirement, 'fingerprint'>;

function retireOne(o: Observation, key: Retiring, now: Date): Steps {
  const inspection = o.inspections.find((i) => i.fingerprint === key.ref.fingerprint);
  const recordOff = isOff(inspection);
  const proof = proofOfDeath(o, key, inspection);
  if (proof) return complete(o, key, proof, now);
  if (now < key.until) return { findings: [], recordOff };
  if (answers(key.version)) return { ...overdueDeath(o, key, inspection, now), recordOff };
  const patient = isZombieStill(o, key, now) || elapsed(key.until, now) < UNPROVEN_AFTER;
  return { findings: patient ? [] : [noProof(key, now)], recordOff };
}

/** It was alive after its grace: silence ends no zombie, until it is a day late to be told of again. */
function isZombieStill(o: Observation, { ref, until }: Retiring, now: Date): boolean {
  const told = o.memory.notices[zombie.idOf(shortId(ref.fingerprint))];
  return [now, plus(now, -DAY)].some((at) => told === zombieReminder(until, at));
}

const zombieReminder = (until: Date, now: Date) => zombie.reminderAt(plus(until, ZOMBIE_AFTER), now);

/**
 * Dead by two answers while the new key is ALIVE through the same client, and no Admin record says active; or an Admin record that was off
 * in an earlier run and is off now, while the key answers nothing that shows life.
 */
function proofOfDeath(
  o: Observation,
  key: Retiring,
  inspection: Inspection | undefined,
): ProofOfDeath | undefined {
  const live = o.live;
  const verdict = key.version.verdict;
  if (!live || !isGood(live) || !verdict) return undefined;
  if (verdict.kind === 'DEAD') {
    if (inspection?.record?.status === 'active') return undefined;
    if (o.adminAccess && !inspection) return undefined;
    return { by: 'probe', evidence: verdict.evidence, recordStatus: inspection?.record?.status };
  }
  const seenOffBefore = timelineOf(o.memory, key.ref.fingerprint).recordOffAt !== undefined;
  if (verdict.kind === 'UNKNOWN' && isOff(inspection) && seenOffBefore) {
    const { id, status } = inspection!.record!;
    return { by: 'record', recordId: id, recordStatus: status };
  }
  return undefined;
}

const isOff = (inspection: Inspection | undefined) =>
  inspection?.record !== undefined && inspection.record.status !== 'active';

function complete(o: Observation, { version, ref, until }: Retiring, proof: ProofOfDeath, now: Date): Steps {
  const details = {
    retired: ref,
    proof,
    current: refOf(o.live)!,
    timeline: {
      ...timelineOf(o.memory, ref.fingerprint),
      fingerprint: ref.fingerprint,
      graceEndsAt: until,
      provenAt: now,
    },
    leaked: leakedOn(o, ref.fingerprint) !== undefined,
  };
  const found = rotationComplete.find(details, { about: shortId(ref.fingerprint) });
  return { findings: [found], release: { findingId: found.id, moves: unpins(version) } };
}

/** Alive after its grace: extend it while it is provably used, switch it off where that is ours to do, else ask a human. */
function overdueDeath(o: Observation, key: Retiring, inspection: Inspection | undefined, now: Date): Steps {
  // It is told of as leaked, more loudly, and never gets more time.
  if (leakedOn(o, key.ref.fingerprint)) return { findings: [] };
  // Another service lives on it: nobody is asked to stop that one.
  if (key.version.liveIn) return { findings: [askAHuman(o, key, inspection)] };
  const usage = inspection?.usage;
  const used = extensionsUsed(o, key);
  if (usage?.kind === 'in-use' && used >= 0 && used < o.policy.maxGraceExtensions) {
    const until = graceFrom(now, 24);
    const details = {
      retiring: key.ref,
      until,
      usage,
      extension: used + 1,
      most: o.policy.maxGraceExtensions,
    };
    const found = extended.find(details, {
      about: shortId(key.ref.fingerprint),
      reminder: String(used + 1),
    });
    const moves: LabelMove[] = [{ do: 'pin', versionId: key.version.id, until }, ...unpins(key.version)];
    return { findings: [found], release: { findingId: found.id, moves } };
  }
  const automatic = o.adminAccess && o.policy.deactivate === 'automatic' && isGoodNow(o);
  const idle = usage?.kind === 'idle' && inspection?.record?.status === 'active';
  const isZombie = elapsed(key.until, now) >= ZOMBIE_AFTER;
  if (automatic && idle && withinWorkingHours(o.policy.workingHours, now)) {
    return { findings: isZombie ? [stillAlive(key, now)] : [], deactivate: key.ref.fingerprint };
  }
  if (isZombie) return { findings: [stillAlive(key, now)] };
  // The function with Admin access gave no answer this time, or it is not the hour: nobody is asked to do its work yet.
  if (automatic && (idle || !inspection)) return { findings: [] };
  return { findings: [askAHuman(o, key, inspection)] };
}

const isGoodNow = (o: Observation) => {
  const live = o.live;
  return live !== undefined && isGood(live);
};

/**
 * How often grace was extended, told from the labels alone: the deadline against the one that the policy gave when the latest key that came
 * after it came first. Negative where a person ended the grace early: that is not to be undone.
 */
function extensionsUsed(o: Observation, { version, ref, until }: Retiring): number {
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

/** Between the birth of a version and the deadline that its promotion set lie minutes, seldom an hour. */
const SLACK = HOUR;

function askAHuman(o: Observation, { ref, until, version }: Retiring, inspection?: Inspection): Finding {
  const details = {
    retiring: ref,
    since: until,
    recordId: inspection?.record?.id,
    why: whyAHuman(o, inspection),
    liveIn: version.liveIn,
  };
  return graceOver.find(details, { about: shortId(ref.fingerprint) });
}

function whyAHuman(o: Observation, inspection: Inspection | undefined): string {
  if (!o.adminAccess)
    return 'This deployment has no Admin access to Anthropic, so only a person can switch a key off.';
  if (o.policy.deactivate === 'prompt')
    return "This key's policy asks a person before a key is switched off.";
  const usage = inspection?.usage;
  if (usage?.kind === 'in-use')
    return 'The old key is still in use, and its grace period was extended as often as the policy allows.';
  if (usage?.kind === 'idle')
    return 'Its record at Anthropic could not be matched with certainty, or the new key is not proven alive.';
  return 'It is not known whether the old key is still in use, and nothing is switched off on a guess.';
}

function stillAlive({ ref, until, version }: Retiring, now: Date): Finding {
  const details = { retiring: ref, since: until, evidence: version.verdict!.evidence };
  return zombie.find(details, { about: shortId(ref.fingerprint), since: plus(until, ZOMBIE_AFTER), now });
}

function noProof({ ref, until, version: { verdict } }: Retiring, now: Date): Finding {
  const because =
    verdict?.kind === 'UNKNOWN' ? verdict.reason : verdict?.kind === 'DEAD' ? 'contradicted' : 'not-probed';
  const details = { retiring: ref, since: until, because } as const;
  return unproven.find(details, {
    about: shortId(ref.fingerprint),
    since: plus(until, UNPROVEN_AFTER),
    now,
  });
}
