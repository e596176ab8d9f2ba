import { memoryFromTags } from '../contract/memory-tags';
import { withLeak } from '../domain/leaks';
import { fingerprintOf, refOf, retiringOf } from '../domain/versions';
import { checkKey } from './check';
import { setGraceEnd } from './extend-grace';
import { IllegalTransition } from './illegal-transition';
import { read } from './observe';
import type { World } from './world';
import { writeMemory } from './write-memory';

/**
 * Marks a key as leaked where nobody could switch it off at once: its grace ends now, it gets none when it is replaced, and people are told of
 * it until it is dead. The reason belongs in the incident record. Reporting it again changes nothing.
 */
export async function reportLeak(secretId: string, wanted: { fingerprint: string }, world: World) {
  const { fingerprint } = wanted;
  const { secret, observation } = await read(secretId, world, true);
  const leaked = refOf(observation.versions.find((version) => fingerprintOf(version) === fingerprint));
  if (!leaked)
    throw new IllegalTransition('no-such-key', `No version of ${secret.name} holds a key ${fingerprint}.`);
  await writeMemory(secret, withLeak(memoryFromTags(secret.tags), fingerprint, world.clock.now()), world);
  const retiring = retiringOf(observation).find(({ ref }) => ref.fingerprint === fingerprint);
  if (retiring && retiring.until > world.clock.now())
    await setGraceEnd(secret.arn, { fingerprint, hoursFromNow: 0 }, world);
  await checkKey(secret.arn, world);
  return { leaked };
}
