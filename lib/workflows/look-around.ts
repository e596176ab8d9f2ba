import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { Observation } from '../domain/observation';
import { isOutage, isSilentForLong } from '../domain/outage';
import { answers, fingerprintOf, retiringOf } from '../domain/versions';
import { liveElsewhere } from './held-elsewhere';
import { readListing } from './survey';
import type { World } from './world';

/** Names the managed secret that lives on a superseded key whose grace is over and which still answers: its service must not be stopped. */
export async function withHolders(o: Observation, world: World): Promise<Observation> {
  const over = new Set(
    retiringOf(o)
      .filter(({ version, until }) => until <= world.clock.now() && answers(version))
      .map(({ version }) => version.id),
  );
  if (over.size === 0) return o;
  const holders = await liveElsewhere(o.key.secretArn, world);
  const versions = o.versions.map((version) => {
    const liveIn = over.has(version.id) ? holders.get(fingerprintOf(version)!) : undefined;
    return liveIn ? { ...version, liveIn } : version;
  });
  return { ...o, versions };
}

/**
 * Whether the silence about this key is that of most keys of its environment. Asked by one listing, and only when the silence is long enough to
 * be told. Without an answer the key is told of by itself: better a mail too many.
 */
export async function inOutage(o: Observation, { store, clock, log }: World): Promise<boolean> {
  if (!isSilentForLong(o, clock.now())) return false;
  try {
    const { environment } = o.key;
    return isOutage(readListing(await store.list({ tagKey: ENVIRONMENT_TAG, environment })).listed);
  } catch (error) {
    log.warn('The other keys were not looked at', { secret: o.key.secretName, error: String(error) });
    return false;
  }
}
