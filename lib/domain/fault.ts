import { leakedOn } from './memory';
import { fingerprintOf, isMisplaced, type KeyVersion, newestWith, type Observation, sameKey } from './secret';

/** ALIVE, in the organization and workspace of the environment. */
export const isGood = (version: KeyVersion) =>
  version.content.kind === 'key' && version.verdict?.kind === 'ALIVE' && version.whereabouts === 'home';

/** What can be provably wrong with a value. */
export type Fault = 'dead' | 'elsewhere' | 'malformed';

/** What is provably wrong with a value. Empty or other text is a deliberate stop, and no fault. */
export function faultOf(version: KeyVersion, o: Observation): Fault | undefined {
  if (version.content.kind === 'malformed' || displaces(version, o)) return 'malformed';
  if (version.verdict?.kind === 'DEAD') return 'dead';
  if (version.verdict?.kind === 'ALIVE' && version.whereabouts === 'elsewhere') return 'elsewhere';
  return undefined;
}

/** A key where services do not look, in place of an accepted one that stood where they do and may still be good. */
function displaces(version: KeyVersion, o: Observation): boolean {
  const { accepted } = o;
  if (!isMisplaced(version) || !accepted || accepted.id === version.id) return false;
  if (fingerprintOf(accepted) === undefined || isMisplaced(newestWith(o, accepted))) return false;
  const isOpen = accepted.verdict === undefined || accepted.verdict.kind === 'UNKNOWN';
  return (isOpen || isGood(accepted)) && !leakedOn(o, fingerprintOf(accepted));
}

/**
 * What is wrong with a live value that stands over an accepted key and was never accepted: somebody wrote it by hand, or a submitted key went bad
 * between its test and its acceptance. A malformed one can hold the accepted key, in a place where services do not look.
 */
export function unacceptedFaultOf(o: Observation, current: KeyVersion): Fault | undefined {
  const fault = o.accepted && faultOf(current, o);
  return fault === 'malformed' || !sameKey(current, o.accepted) ? fault : undefined;
}

/**
 * The live key is the one that was submitted. AWS makes the first version of a secret current under whatever label it is put: that is an edit, and so
 * is what is malformed, for the rotation writes nothing such.
 */
export const isSubmission = (o: Observation, current: KeyVersion) =>
  sameKey(o.submitted, current) && o.submitted?.current !== true && faultOf(current, o) !== 'malformed';
