import type { FindingKind } from './finding';
import { findingAbout, readFindingId } from './finding-id';
import type { FleetRow, ListedKey, Phase } from './fleet';
import { unwatchedSince } from './fleet-watch';
import { dueDate } from './key-age';
import { countdownRung } from './ladder';
import { leakedOn } from './leaks';
import { INCONCLUSIVE_AFTER } from './liveness-findings';
import { severityOf } from './make-finding';
import { NEVER_SNOOZED } from './notice-plan';
import { NEEDS } from './notices/fleet-triage';
import type { Memory } from './observation';
import { EXPIRY_WARNINGS } from './state-findings';
import { daysBetween, daysUntil, elapsed } from './time';
import { isUnchecked } from './unchecked';

/** States that only a look into the secret establishes: a listing knows of them because people were told. */
const TOLD: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'foreign',
  'not-a-key',
  'direct-edit-refused',
  'rejected',
  'submission-stuck',
  'usage-spike',
]);

/** States of a superseded key, known the same way, over when its label is gone. */
const TOLD_OF_RETIRING: ReadonlySet<FindingKind> = new Set<FindingKind>(['zombie', 'unproven']);

/** Derives one row: the same entry and moment give the same row. */
export function rowOf(listed: ListedKey, now: Date): FleetRow {
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
  const open = findings.filter((kind) => !snooze || NEVER_SNOOZED.has(kind));
  const need = NEEDS.find(({ kind }) => open.includes(kind));
  return {
    ...facts,
    findings,
    worst: need?.kind,
    needs: need ? (severityOf(need.kind) === 'critical' ? 'now' : 'soon') : 'nothing',
    next: need && sentence(need.next),
  };
}

type Facts = Omit<FleetRow, 'findings' | 'worst' | 'needs' | 'next'>;

function phaseOf({ key, accepted, memory, policy }: ListedKey, now: Date): Phase {
  if (!memory.verdict) return accepted || isUnchecked(key, memory) ? 'unknown' : 'awaiting-first-key';
  const dueAt = dueDate(memory.verdict.keyCreatedAt, policy.maxAgeDays);
  if (now >= dueAt) return 'overdue';
  const daysLeft = daysUntil(dueAt, now);
  return countdownRung(policy.warnDays, daysLeft) === undefined ? 'fresh' : 'due';
}

function findingsOf(row: Facts, memory: Memory, now: Date): readonly FindingKind[] {
  const { phase, verdict, expiresAt } = row;
  const told = new Set(Object.keys(memory.notices).map((id) => readFindingId(id).kind));
  const found = new Set<FindingKind>([...told].filter((kind) => TOLD.has(kind)));
  const add = (kind: FindingKind, holds: boolean | undefined) => holds && found.add(kind);
  if (phase !== 'fresh' && phase !== 'unknown') found.add(phase);
  add('contained', leakedOn({ memory }, row.fingerprint) !== undefined || stillLeaks(row, memory));
  add('dead', verdict?.kind === 'DEAD');
  add('blocked', verdict?.kind === 'BLOCKED');
  add('inconclusive', verdict?.unknownSince && elapsed(verdict.unknownSince, now) > INCONCLUSIVE_AFTER);
  add('unwatched', row.unwatchedSince !== undefined);
  add('dies-with-its-owner', row.personal);
  const daysToExpiry = expiresAt && daysUntil(expiresAt, now);
  add('expires-soon', daysToExpiry !== undefined && daysToExpiry <= Math.max(...EXPIRY_WARNINGS));
  if (row.retirable) {
    for (const kind of TOLD_OF_RETIRING) add(kind, told.has(kind));
    add('grace-over', !found.has('zombie'));
  }
  return [...found];
}

/** The latest old key was reported as leaked, people were told that it works, and nothing has proven it dead. */
function stillLeaks({ retirable }: Facts, memory: Memory): boolean {
  const { fingerprint, provenAt } = memory.timeline;
  if (!retirable || !fingerprint || provenAt || !leakedOn({ memory }, fingerprint)) return false;
  const told = memory.notices[findingAbout('contained', fingerprint)];
  return told !== undefined && told !== 'off';
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
