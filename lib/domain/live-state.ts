import type { LiveState } from './finding';
import type { Observation, RememberedVerdict } from './observation';
import { currentOf, fingerprintOf } from './versions';

/** How the live key fares, as last established: a notice about something else must not call it working unless it is. */
export function liveStateOf(
  o: Pick<Observation, 'versions'>,
  verdict: RememberedVerdict | undefined,
): LiveState {
  const live = fingerprintOf(currentOf(o));
  if (live === undefined) return { kind: 'NONE' };
  if (verdict?.fingerprint !== live) return { kind: 'UNKNOWN' };
  const { kind, reason, unknownSince } = verdict;
  return { kind, reason, unknownSince };
}
