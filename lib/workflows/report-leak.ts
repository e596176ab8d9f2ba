import { memoryFromTags } from '../contract/memory-tags';
import { notDeactivated, withLeak, withoutLeak } from '../domain/memory';
import { fingerprintOf, type Observation, refOf } from '../domain/secret';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { setGraceEnd } from './extend-grace';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import { writeMemory } from './write-secret';

/**
 * Marks a key as leaked if it could not be switched off at once. Its grace ends now, it gets none when it is replaced, and people are told of it
 * until it is dead. Reporting it again changes nothing.
 */
export async function reportLeak(secretId: string, wanted: { fingerprint: string }, ports: Ports) {
  const { fingerprint } = wanted;
  const { secret, observation } = await read(secretId, ports, true);
  const leaked = refOf(observation.versions.find((version) => fingerprintOf(version) === fingerprint));
  if (!leaked)
    throw new IllegalTransition('no-such-key', `No version of ${secret.name} holds a key ${fingerprint}.`);
  await writeMemory(secret, withLeak(memoryFromTags(secret.tags), fingerprint, ports.clock.now()), ports);
  const retiring = observation.retiring.find(({ ref }) => ref.fingerprint === fingerprint);
  const over = retiring !== undefined && retiring.until <= ports.clock.now();
  if (!over && !isInUse(observation, fingerprint))
    await setGraceEnd(secret.arn, { fingerprint, hoursFromNow: 0 }, ports);
  await checkKey(secret.arn, ports);
  return { leaked };
}

/** Withdraws a wrong report without Admin access. A person switches the key on again in the Console. */
export async function withdrawLeak(secretId: string, wanted: { fingerprint: string }, ports: Ports) {
  const { fingerprint } = wanted;
  const secret = await ports.store.describe(secretId);
  const memory = notDeactivated(memoryFromTags(secret.tags), fingerprint);
  await writeMemory(secret, withoutLeak(memory, fingerprint), ports);
  return { withdrawn: fingerprint };
}

/** Live, accepted and submitted keys have their own labels. Any other one needs a deadline to be followed until it is dead. */
const isInUse = (o: Observation, fingerprint: string) =>
  [o.live, o.accepted, o.submitted].some((version) => fingerprintOf(version) === fingerprint);
