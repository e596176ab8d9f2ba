import type { Memory } from '../memory';
import { currentOf, fingerprintOf, type KeyVersion, type Observation, refOf } from '../secret';
import { type Finding, type FindingKind, findingAbout, findingId, readFindingId } from './finding';
import { finding } from './make-finding';

/** A message that is due now, and what to remember once it is out: `rung` absent forgets the id. */
export interface PlannedNotice {
  readonly finding: Finding;
  readonly remember: { readonly id: string; readonly rung?: string };
}

export interface NoticePlan {
  readonly send: readonly PlannedNotice[];
  /** What stays remembered whether or not anything is sent now. */
  readonly keep: Memory['notices'];
}

/** What no exemption hides: a dead, a forgotten alive, a foreign and a perhaps leaked key, and what follows from a human's own act. */
export const NEVER_SNOOZED: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'dead',
  'zombie',
  'foreign',
  'usage-spike',
  'contained',
  'not-a-key',
  'direct-edit-refused',
  'rolled-back',
  'rejected',
  'rotated',
  'rotation-complete',
  'extended',
  'unwatched',
  'resolved',
]);

/** Findings whose end is worth a word of its own. The others end with a notice that says so anyway. */
const SAYS_RESOLVED: readonly FindingKind[] = ['dead', 'blocked', 'inconclusive', 'foreign', 'unwatched'];

/** Told by the environment's alarm instead, once for all keys. */
const byAlarmOnly = (f: Finding, { outage }: Observation) =>
  (f.kind === 'blocked' && ['billing', 'spend-limit', 'organization'].includes(f.details.reason)) ||
  (f.kind === 'inconclusive' && outage === true);

/** A leaked key that is dead since today died of the switching off that people were told of already. */
const asAnnounced = (f: Finding, told: Memory['notices']) =>
  f.kind === 'dead' &&
  f.details.onPurpose &&
  f.rung === '0' &&
  told[findingAbout('contained', f.details.current.fingerprint)] === 'off';

/**
 * Decides what is said now: each finding once per rung of its ladder, the end of a bad state once, nothing about what this run could not
 * see. What is remembered of findings that are over is dropped, so that memory never grows.
 */
export function planNotices(o: Observation, findings: readonly Finding[], now: Date): NoticePlan {
  const remembered = o.memory.notices;
  const snoozed = o.memory.snooze !== undefined && now < o.memory.snooze.until;
  const due = findings.filter(
    (f) =>
      !byAlarmOnly(f, o) &&
      !asAnnounced(f, remembered) &&
      remembered[f.id] !== f.rung &&
      !(snoozed && !NEVER_SNOOZED.has(f.kind)),
  );
  const found = new Set(findings.map(({ id }) => id));
  const over = Object.keys(remembered).filter((id) => !found.has(id) && !isUndecided(o, id));
  const resolved = over.filter((id) => isResolved(o, id));
  const dropped = new Set(over.filter((id) => !resolved.includes(id)));
  return {
    send: [
      ...due.map((f): PlannedNotice => ({ finding: f, remember: { id: f.id, rung: f.rung } })),
      ...resolved.map((id): PlannedNotice => {
        const details = { was: readFindingId(id).kind, current: refOf(currentOf(o)) };
        return {
          finding: { ...finding('resolved', '0', details), id: findingId('resolved', id) },
          remember: { id },
        };
      }),
    ],
    keep: Object.fromEntries(Object.entries(remembered).filter(([id]) => !dropped.has(id))),
  };
}

/** The state ended while its key is still the live one; a key that was replaced has told its end by the notice of its rotation. */
function isResolved(o: Observation, id: string): boolean {
  const { kind, about } = readFindingId(id);
  if (!SAYS_RESOLVED.includes(kind)) return false;
  const boundToKey = kind === 'dead' || kind === 'foreign';
  return !boundToKey || fingerprintOf(currentOf(o))?.startsWith(about ?? '') === true;
}

/** Whether this run saw too little to say that the finding is over. */
function isUndecided(o: Observation, id: string): boolean {
  const { kind, about } = readFindingId(id);
  const current = currentOf(o);
  if (kind === 'unwatched') return true;
  // Announced by the function with Admin access, once: as long as it may still have to act on it.
  if (kind === 'deactivating') return o.versions.some((v) => v.retire.length > 0 && isAbout(v, about));
  if (kind === 'contained') return o.memory.leaked.some(({ beginning }) => beginning === about);
  if (['dead', 'blocked', 'foreign', 'direct-edit-refused'].includes(kind))
    return (
      current?.content.kind === 'key' && (current.verdict === undefined || current.verdict.kind === 'UNKNOWN')
    );
  if (kind === 'usage-spike') return o.inspections.length === 0;
  if (['zombie', 'grace-over', 'unproven', 'extended', 'rotation-complete'].includes(kind)) {
    const version = o.versions.find((v) => v.retire.length > 0 && isAbout(v, about));
    return version !== undefined && (version.verdict === undefined || version.verdict.kind === 'UNKNOWN');
  }
  return false;
}

const isAbout = (version: KeyVersion, beginning: string | undefined) =>
  beginning !== undefined && fingerprintOf(version)?.startsWith(beginning) === true;
