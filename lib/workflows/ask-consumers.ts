import type { ConsumerLook } from '../domain/freshness';
import { lastChange, leakedOn } from '../domain/memory';
import { answers, fingerprintOf, type Observation } from '../domain/secret';
import type { Ports } from './ports';

/**
 * Asks the registered consumers whether they run only what was started after the live key was accepted. That moment lies after the change itself, so
 * it errs on the safe side. Absent where nothing hangs on it: no old key is past its grace, answers, and was not reported as leaked.
 */
export async function askConsumers(
  o: Observation,
  { consumers, clock }: Ports,
): Promise<readonly ConsumerLook[] | undefined> {
  const now = clock.now();
  const matters = o.retiring.some(
    ({ version, ref, until }) => until <= now && answers(version) && !leakedOn(o, ref.fingerprint),
  );
  return matters ? consumers.look(o.key, changeKnown(o)) : undefined;
}

/**
 * When the live key was accepted; undefined where the secret shows that it was later than memory tells, as after a change that could not be written
 * to a tag: an earlier moment would let tasks pass that hold the old key.
 */
export function changeKnown({ memory, live, accepted }: Observation): Date | undefined {
  const { fingerprint, promotedAt } = memory.timeline;
  const at = lastChange(memory);
  const isLater = at !== undefined && accepted !== undefined && accepted.createdAt > at;
  const cameBack = promotedAt !== undefined && fingerprint === fingerprintOf(live);
  return isLater || cameBack ? undefined : at;
}
