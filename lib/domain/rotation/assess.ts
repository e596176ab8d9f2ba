import type { Finding } from '../findings/catalogue';
import { stateFindings } from '../findings/detect';
import { rejected } from '../findings/kinds/rejected';
import { type NoticePlan, planNotices } from '../findings/plan';
import type { Memory } from '../memory';
import { type KeyVersion, type LabelMove, type Observation, sameKey, withRoles } from '../secret';
import { reconcile } from './reconcile';
import { remember } from './remember';
import { type Retirement, retire } from './retirement';

/** Everything that follows from one look at a key: what is true, what to do, what to say, what to remember. */
export interface Assessment {
  /** Label moves that are safe to make at once, in this order. */
  readonly moves: readonly LabelMove[];
  readonly findings: readonly Finding[];
  readonly notices: NoticePlan;
  /** Label moves that wait for the notice of a finding to be out. */
  readonly releases: readonly NonNullable<Retirement['release']>[];
  /** Fingerprint of a superseded key that the function with Admin access is asked to switch off: one at a time. */
  readonly deactivate: readonly string[];
  /** A submission waits and nobody is working on it. */
  readonly rotate: boolean;
  readonly memory: Omit<Memory, 'notices'>;
}

/** Decides. Reads no clock, no network and no environment: the same look and moment give the same answer. */
export function assess(o: Observation, now: Date): Assessment {
  const moves = reconcile(o, now);
  const after = applyMoves(o, moves);
  const retirements = retire(o, now);
  const memory = remember(o, after, moves, retirements, now);
  const known = withRoles({ ...after, memory: { ...memory, notices: o.memory.notices } });
  const findings = [...stateFindings(known, memory.verdict, now), ...retirements.flatMap((r) => r.findings)];
  return {
    moves,
    findings,
    notices: planNotices(known, findings, now),
    releases: [
      ...retirements.flatMap((r) => r.release ?? []),
      ...findings
        .filter(rejected.is)
        .map((f) => ({ findingId: f.id, moves: [clearSubmitted(f.details.version)] })),
    ],
    deactivate: retirements.flatMap((r) => r.deactivate ?? []).slice(0, 1),
    rotate: wantsRotation(known),
    memory,
  };
}

const clearSubmitted = (versionId: string): LabelMove => ({ do: 'clear-submitted', versionId });

function wantsRotation(o: Observation): boolean {
  const submitted = o.submitted;
  if (!submitted || submitted.current || sameKey(submitted, o.live) || o.pending) return false;
  return o.memory.pendingRejection === undefined;
}

/** The observation as it will be when the moves are made. */
function applyMoves(o: Observation, moves: readonly LabelMove[]): Observation {
  return withRoles({ ...o, versions: moves.reduce(applyMove, o.versions) });
}

const applyMove = (versions: readonly KeyVersion[], move: LabelMove) => versions.map((v) => moved(v, move));

function moved(v: KeyVersion, move: LabelMove): KeyVersion {
  const target = v.id === move.versionId;
  switch (move.do) {
    case 'pin':
      return target ? { ...v, retire: [...v.retire, { label: '', until: move.until }] } : v;
    case 'unpin':
      return target ? { ...v, retire: v.retire.filter(({ label }) => label !== move.label) } : v;
    case 'accept':
      return { ...v, accepted: target };
    case 'clear-submitted':
      return target ? { ...v, submitted: false } : v;
    case 'clear-pending':
      return target ? { ...v, pending: false } : v;
    case 'make-current':
      return { ...v, current: target, previous: v.id === move.from };
  }
}
