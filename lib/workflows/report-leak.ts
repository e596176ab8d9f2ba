import { memoryFromTags } from '../contract/memory-tags';
import { notDeactivated, withLeak, withoutLeak } from '../domain/memory';
import type { Observation } from '../domain/secret';
import { fingerprintOf, refOf } from '../domain/secret';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { setGraceEnd } from './extend-grace';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import { writeMemory } from './write-secret';

/**
 * Marks a key as leaked where nobody could switch it off at once: its grace ends now, it gets none when it is replaced, and people are told of
 * it until it is dead. The reason belongs in the incident record. Reporting it again changes nothing.
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
  if (!over && !isNeeded(observation, fingerprint))
    await setGraceEnd(secret.arn, { fingerprint, hoursFromNow: 0 }, ports);
  await checkKey(secret.arn, ports);
  return { leaked };
}

/** The report was wrong, where no function can switch the key on again: a person does, in the Console. */
export async function withdrawLeak(secretId: string, wanted: { fingerprint: string }, ports: Ports) {
  const { fingerprint } = wanted;
  const secret = await ports.store.describe(secretId);
  const memory = notDeactivated(memoryFromTags(secret.tags), fingerprint);
  await writeMemory(secret, withoutLeak(memory, fingerprint), ports);
  return { withdrawn: fingerprint };
}

/** The live one, the way back and what waits to be tested have labels of their own; any other is followed under a deadline until it is dead. */
const isNeeded = (o: Observation, fingerprint: string) =>
  [o.live, o.accepted, o.submitted].some((version) => fingerprintOf(version) === fingerprint);
