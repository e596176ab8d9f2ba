import { type FindingKind, KINDS, NEEDS, rowOf } from '../findings/catalogue';
import { type Listing, readFindingId } from '../findings/finding';
import { countdown } from '../findings/repeat';
import { isUnchecked, type Memory, type Timeline } from '../memory';
import type { KeyIdentity, Phase, Policy } from '../policy';
import type { BlockedReason } from '../probe/outcomes';
import type { VerdictKind } from '../probe/verdict';
import { ratePeriod } from '../schedule';
import { dueDate, type ListedKey, type RetiringVersion } from '../secret';
import { DAY, daysBetween, daysUntil, HOUR, plus } from '../time';

/** Derives one row: the same entry and moment give the same row. */
export function fleetRowOf(listed: ListedKey, now: Date): FleetRow {
  const { key, policy, memory, retiring, rotationEnabled, submitted } = listed;
  const { verdict } = memory;
  const record = memory.record?.fingerprint === verdict?.fingerprint ? memory.record : undefined;
  const createdAt = verdict?.keyCreatedAt;
  const snooze = memory.snooze && now < memory.snooze.until ? memory.snooze : undefined;
  const facts = {
    key,
    policy,
    phase: phaseOf(listed, now),
    submitted,
    inGrace: retiring.some(({ until }) => now < until),
    retirable: retiring.some(({ until }) => now >= until),
    unwatchedSince: unwatchedSince(listed, now),
    checkedOn: memory.checkedOn,
    hint: verdict?.hint,
    fingerprint: verdict?.fingerprint,
    createdAt,
    ageDays: createdAt && daysBetween(createdAt, now),
    maxAgeDays: policy.maxAgeDays,
    dueAt: createdAt && dueDate(createdAt, policy.maxAgeDays),
    verdict,
    rotationEnabled,
    retiring,
    recordId: record?.id,
    otherRecordId: record ? undefined : memory.record?.id,
    expiresAt: record?.expiresAt,
    personal: record?.personal,
    snooze,
    timeline: memory.timeline,
    leaked: memory.leaked,
    told: memory.notices,
  };
  const findings = findingsOf(facts, memory, now);
  const open = findings.filter((kind) => !snooze || rowOf(kind).snooze === false);
  const need = NEEDS.find(({ kind }) => open.includes(kind));
  return {
    ...facts,
    findings,
    worst: need?.kind,
    needs: need ? (rowOf(need.kind).severity === 'critical' ? 'now' : 'soon') : 'nothing',
    next: need && sentence(need.next),
  };
}

type Facts = Omit<FleetRow, 'findings' | 'worst' | 'needs' | 'next'>;

function phaseOf({ key, accepted, memory, policy }: ListedKey, now: Date): Phase {
  if (!memory.verdict) return accepted || isUnchecked(key, memory) ? 'unknown' : 'awaiting-first-key';
  const dueAt = dueDate(memory.verdict.keyCreatedAt, policy.maxAgeDays);
  if (now >= dueAt) return 'overdue';
  const daysLeft = daysUntil(dueAt, now);
  return countdown(policy.warnDays, daysLeft) === undefined ? 'fresh' : 'due';
}

/** Everything that a listing tells of a key, the most pressing first. */
function findingsOf(row: Facts, memory: Memory, now: Date): readonly FindingKind[] {
  const told = new Set(Object.keys(memory.notices).map((id) => readFindingId(id).kind));
  const listing: Listing = { ...row, memory, told, now };
  return KINDS.flatMap(({ kind }) => (rowOf(kind).listed?.(listing, kind) ? [kind] : []));
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

const URGENCY = ['now', 'soon', 'nothing'] as const;

/** The order of a fleet: who needs somebody first, what is worse first, then the nearest deadline, then the name. */
export function byUrgency(a: FleetRow, b: FleetRow): number {
  const rank = ({ needs, worst }: FleetRow) =>
    URGENCY.indexOf(needs) * 100 + NEEDS.findIndex(({ kind }) => kind === worst);
  const share = ({ ageDays = 0, maxAgeDays }: FleetRow) => ageDays / maxAgeDays;
  return rank(a) - rank(b) || share(b) - share(a) || a.key.secretName.localeCompare(b.key.secretName, 'en');
}

/** How late a check may start before its key counts as unwatched: with the slowest schedule, a day, that makes 26 hours. */
const ALLOWANCE = 2 * HOUR;

/**
 * Since when a key goes without the check it should have had; undefined where it is watched. Memory keeps the UTC day of the last check, not its
 * time, so the clock starts at the end of that day: a watched key is never called unwatched. It has been checked again within its period and the
 * allowance; one checked hourly is found out at 03:00 UTC of the next day, one checked daily after 26 to 50 hours.
 */
export function unwatchedSince(
  { memory, createdAt, policy }: Pick<ListedKey, 'memory' | 'createdAt' | 'policy'>,
  now: Date,
): Date | undefined {
  const remembered = memory.checkedOn === undefined ? undefined : endOfDay(memory.checkedOn);
  // A day that has not come yet was written by nobody's check.
  const checked = remembered && remembered <= plus(now, DAY) ? remembered : undefined;
  const expected =
    checked === undefined
      ? plus(createdAt, DAY + ALLOWANCE)
      : plus(checked, checkPeriod(policy.checkEvery) + ALLOWANCE);
  return now > expected ? expected : undefined;
}

/** An unreadable day is no memory of a check, but a key that has one was once checked. */
function endOfDay(day: string): Date | undefined {
  const start = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(start.getTime()) ? undefined : plus(start, DAY);
}

/** The longest time between two checks; a cron expression may mean any hour of the day. */
export function checkPeriod(checkEvery: string): number {
  return Math.min(ratePeriod(checkEvery) ?? DAY, DAY);
}

/** How soon a key needs a person. */
export type Need = 'nothing' | 'soon' | 'now';

/** One key of the fleet, with everything that follows from its listing entry. */
export interface FleetRow {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly phase: Phase;
  /** A human put a key in that is not yet live. */
  readonly submitted: boolean;
  /** A superseded key may still be used. */
  readonly inGrace: boolean;
  /** A superseded key is past its grace and not yet proven dead. */
  readonly retirable: boolean;
  /** Since when the key goes without the check it should have had; absent where it is watched. */
  readonly unwatchedSince?: Date;
  /** UTC day of the last check. */
  readonly checkedOn?: string;
  readonly hint?: string;
  readonly fingerprint?: string;
  /** When the live key first appeared. */
  readonly createdAt?: Date;
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: Date;
  /** What was last established of the live key. `unknownSince` is set while no answer is conclusive. */
  readonly verdict?: {
    readonly kind: VerdictKind;
    readonly reason?: BlockedReason;
    readonly since: Date;
    readonly unknownSince?: Date;
  };
  /** Secrets Manager's own rotation is configured and on. */
  readonly rotationEnabled: boolean;
  readonly retiring: readonly (RetiringVersion & { readonly hint?: string })[];
  readonly recordId?: string;
  /** Record of another key of the secret, such as one that a rollback has just left. */
  readonly otherRecordId?: string;
  /** When Anthropic switches the key off by itself. */
  readonly expiresAt?: Date;
  /** The key belongs to a person and dies when they leave. Undefined where no Admin record was seen. */
  readonly personal?: boolean;
  readonly snooze?: { readonly until: Date; readonly reason: string };
  /** The course of the latest rotation. */
  readonly timeline: Timeline;
  /** Keys of this secret that a person reported as leaked. */
  readonly leaked: Memory['leaked'];
  /** Last rung sent per finding. */
  readonly told: Memory['notices'];
  /** Everything that is true of the key now. */
  readonly findings: readonly FindingKind[];
  /** The worst of it that a person can do something about, and is not exempt from. */
  readonly worst?: FindingKind;
  readonly needs: Need;
  /** What a person does next, one short sentence; absent where nobody is needed. */
  readonly next?: string;
}
