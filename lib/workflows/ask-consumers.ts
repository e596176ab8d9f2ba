import type { ConsumerLook } from '../domain/freshness';
import { leakedOn } from '../domain/memory';
import { changeKnown } from '../domain/rotation/remember';
import { answers, type Observation } from '../domain/secret';
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
