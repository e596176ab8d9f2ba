import type { Finding } from '../findings/catalogue';
import { stateFindings } from '../findings/detect';
import { foundAgain } from '../findings/kinds/lost-track';
import { rejected } from '../findings/kinds/rejected';
import { type NoticePlan, planNotices } from '../findings/plan';
import { shortId } from '../key';
import type { LabelMove } from '../label-move';
import type { Memory } from '../memory';
import { type KeyVersion, type Observation, sameKey, withRoles } from '../secret';
import { plus } from '../time';
import { pinAgain } from './predecessor';
import { reconcile } from './reconcile';
import { refuse } from './refuse';
import { remember } from './remember';
import { EVENT_WAITS, type Release, retire } from './retirement';

/** Everything that follows from one look at a key: what is true, what to do, what to report, what to remember. */
export interface Assessment {
  /** Label moves to make at once, in this order. */
  readonly moves: readonly LabelMove[];
  readonly findings: readonly Finding[];
  readonly notices: NoticePlan;
  /** Label moves that wait until the notice of a finding is sent. */
  readonly releases: readonly Release[];
  /** Label moves that follow the notices, whether or not anybody hears them: nothing would show later that they were made. */
  readonly afterwards: readonly LabelMove[];
  /** Fingerprint of the superseded key that the function with Admin access is asked to switch off, one at a time. */
  readonly deactivate: readonly string[];
  /** A submission is waiting and no rotation is running. */
  readonly rotate: boolean;
  readonly memory: Omit<Memory, 'notices'>;
}

/**
 * Reads no clock, no network and no environment: the same observation and moment give the same assessment. What is true follows from the moves:
 * whoever could not make them gives none.
 */
export function assess(o: Observation, now: Date, moves = reconcile(o, now)): Assessment {
  const after = applyMoves(o, moves);
  const retirements = retire(o, now);
  const memory = remember(o, after, moves, retirements, now);
  const known = withRoles({ ...after, memory: { ...memory, notices: o.memory.notices } });
  const again = pinAgain(known, now);
  const findings = [
    ...stateFindings(known, memory.verdict, now),
    ...again.found.map(foundAgain),
    ...retirements.flatMap((r) => r.findings),
  ];
  return {
    moves,
    findings,
    notices: planNotices(known, findings, now),
    releases: [
      ...retirements.flatMap((r) => r.release ?? []),
      ...findings.filter(rejected.is).map(({ id, details }) => ({
        findingId: id,
        moves: refuse(after, details, now),
        eventUntil: known.submitted && plus(known.submitted.createdAt, EVENT_WAITS),
      })),
    ],
    afterwards: again.moves,
    deactivate: retirements.flatMap((r) => r.deactivate ?? []).slice(0, 1),
    rotate: wantsRotation(known),
    memory,
  };
}

function wantsRotation({ submitted, live, pending, memory }: Observation): boolean {
  if (!submitted || submitted.current || sameKey(submitted, live) || pending) return false;
  return memory.pendingRejection === undefined;
}

/** The observation as it will be after the moves. */
const applyMoves = (o: Observation, moves: readonly LabelMove[]) =>
  withRoles({ ...o, versions: o.versions.map((version) => moves.reduce(moved, version)) });

const without = (v: KeyVersion, gone: string): KeyVersion => ({
  ...v,
  retire: v.retire.filter(({ label }) => label !== gone),
  leaks: v.leaks.filter(({ label }) => label !== gone),
  followed: v.followed.filter(({ label }) => label !== gone),
});

function moved(v: KeyVersion, move: LabelMove): KeyVersion {
  const target = v.id === move.versionId;
  switch (move.do) {
    case 'pin':
      return target ? { ...v, retire: [...v.retire, { label: '', until: move.until }] } : v;
    case 'mark-leaked': {
      const leak = { label: '', beginning: shortId(move.fingerprint), on: move.at };
      const others = v.leaks.filter(({ beginning }) => beginning !== leak.beginning);
      return { ...v, leaks: target ? [...others, leak] : others };
    }
    case 'follow':
      return target ? { ...v, followed: [...v.followed, { label: '', until: move.until }] } : v;
    case 'unpin':
      return target ? without(v, move.label) : v;
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
