import { type FindingKind, isQuieted, KINDS, NEEDS, rowOf } from '../findings/catalogue';
import { type ListedState, type Listing, readFindingId } from '../findings/finding';
import { isKeyless } from '../findings/kinds/keyless';
import { countdown, isOngoing, isSaid } from '../findings/repeat';
import { dueDate } from '../key-age';
import type { ListedKey } from '../listed-key';
import { isUnchecked, type Memory, type Timeline } from '../memory';
import type { KeyIdentity, Phase, Policy } from '../policy';
import { ratePeriod } from '../schedule';
import type { RetiringVersion } from '../secret';
import { DAY, daysBetween, daysUntil, HOUR, plus } from '../time';

export function fleetRowOf(listed: ListedKey, now: Date): FleetRow {
  const { key, policy, memory, retiring, rotationEnabled, deployed, submitted, leaks } = listed;
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
    deployed,
    retiring,
    recordId: record?.id,
    otherRecordId: record ? undefined : memory.record?.id,
    expiresAt: record?.expiresAt,
    personal: record?.personal,
    snooze,
    timeline: memory.timeline,
    leaked: leaks.map(({ beginning, on }) => ({ beginning, on })),
    retiringHints: memory.retiringHints,
    ...(memory.doubted && { doubted: memory.doubted }),
    told: memory.notices,
  };
  const findings = findingsOf(facts, memory, now);
  const open = findings.filter((kind) => !isQuieted(kind, snooze !== undefined));
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
  if (isKeyless(memory)) return 'keyless';
  if (!memory.verdict) return accepted || isUnchecked(key, memory) ? 'unknown' : 'awaiting-first-key';
  const dueAt = dueDate(memory.verdict.keyCreatedAt, policy.maxAgeDays);
  if (now >= dueAt) return 'overdue';
  const daysLeft = daysUntil(dueAt, now);
  return countdown(policy.warnDays, daysLeft) === undefined ? 'fresh' : 'due';
}

/** Every finding that a listing shows of a key, the most pressing first. */
function findingsOf(row: Facts, memory: Memory, now: Date): readonly FindingKind[] {
  const sent = Object.entries(memory.notices).filter(
    ([, reminder]) => isSaid(reminder) && isOngoing(reminder),
  );
  const reported = new Set(sent.map(([id]) => readFindingId(id).kind));
  const listing: Listing = { ...row, memory, leaks: row.leaked, reported, now };
  return KINDS.flatMap(({ kind }) => (rowOf(kind).listed?.(listing, kind) ? [kind] : []));
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

const URGENCY = ['now', 'soon', 'nothing'] as const;

/** What needs somebody first, the worst first; then the nearest deadline, then the name. */
export function byUrgency(a: FleetRow, b: FleetRow): number {
  const rank = ({ needs, worst }: FleetRow) =>
    URGENCY.indexOf(needs) * 100 + NEEDS.findIndex(({ kind }) => kind === worst);
  const share = ({ ageDays = 0, maxAgeDays }: FleetRow) => ageDays / maxAgeDays;
  return rank(a) - rank(b) || share(b) - share(a) || a.key.secretName.localeCompare(b.key.secretName, 'en');
}

/** How late a check may be before its key counts as unwatched: 26 hours after the last one on the slowest schedule, a day. */
const ALLOWANCE = 2 * HOUR;

/**
 * Since when a key goes without the check it should have had; undefined where it is watched. Memory keeps only the UTC day of the last check, so
 * the clock starts at the end of that day, and a watched key is never called unwatched. A key checked hourly is found at 03:00 UTC of the next
 * day, one checked daily after 26 to 50 hours.
 */
export function unwatchedSince(
  { memory, createdAt, policy }: Pick<ListedKey, 'memory' | 'createdAt' | 'policy'>,
  now: Date,
): Date | undefined {
  const remembered = memory.checkedOn === undefined ? undefined : endOfDay(memory.checkedOn);
  // No check has written a day that is still to come.
  const checked = remembered && remembered <= plus(now, DAY) ? remembered : undefined;
  const expected =
    checked === undefined
      ? plus(createdAt, DAY + ALLOWANCE)
      : plus(checked, checkPeriod(policy.checkEvery) + ALLOWANCE);
  return now > expected ? expected : undefined;
}

function endOfDay(day: string): Date | undefined {
  const start = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(start.getTime()) ? undefined : plus(start, DAY);
}

/** The longest time between two checks, in milliseconds; a cron expression may mean any hour of the day. */
export function checkPeriod(checkEvery: string): number {
  return Math.min(ratePeriod(checkEvery) ?? DAY, DAY);
}

/** How soon a key needs a person. */
export type Need = 'nothing' | 'soon' | 'now';

/** One key of the fleet, with everything that follows from its listing entry. */
export interface FleetRow extends ListedState {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  /** A key was submitted and is not yet live. */
  readonly submitted: boolean;
  /** A superseded key may still be used. */
  readonly inGrace: boolean;
  /** UTC day of the last check. */
  readonly checkedOn?: string;
  readonly hint?: string;
  /** When the live key first appeared. */
  readonly createdAt?: Date;
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: Date;
  /** Secrets Manager's own rotation is configured and on. */
  readonly rotationEnabled: boolean;
  /** The environment's rotate function rotates it: a deployment manages it. */
  readonly deployed: boolean;
  readonly retiring: readonly (RetiringVersion & { readonly hint?: string })[];
  readonly recordId?: string;
  /** Admin record of another key of the secret, such as one that a rollback has just replaced. */
  readonly otherRecordId?: string;
  readonly snooze?: Memory['snooze'];
  /** The course of the latest rotation. */
  readonly timeline: Timeline;
  /** Of superseded keys, as far as they are remembered. */
  readonly retiringHints: Memory['retiringHints'];
  /** A superseded key that a machine is to switch off and does not, because its use is in doubt. */
  readonly doubted?: Memory['doubted'];
  readonly leaked: Memory['leaked'];
  /** Last reminder sent per finding id. */
  readonly told: Memory['notices'];
  readonly findings: readonly FindingKind[];
  /** The worst finding that a person can act on and no exemption quiets. */
  readonly worst?: FindingKind;
  readonly needs: Need;
  /** What a person does next, in one short sentence; absent where nobody is needed. */
  readonly next?: string;
}
