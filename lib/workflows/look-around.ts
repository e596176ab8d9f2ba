import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { Observation } from '../domain/observation';
import { isOutage, isSilentForLong } from '../domain/outage';
import { readListing } from './survey';
import type { World } from './world';

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
