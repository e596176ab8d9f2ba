import { memoryFromTags } from '../contract/memory-tags';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import { parseApiKey } from '../domain/api-key';
import type { SecretDescription } from './ports';
import type { World } from './world';

/** Secrets read side by side. */
const ABREAST = 10;

/**
 * Names of the other managed secrets of this account and region whose live value is the key with this fingerprint. Every value is read:
 * memory is not good enough to switch a key off by. Undefined where one could not be read.
 */
export async function liveIn(
  fingerprint: string,
  secretArn: string,
  world: World,
): Promise<readonly string[] | undefined> {
  const others = (await world.store.list({ tagKey: ENVIRONMENT_TAG })).filter(({ arn }) => arn !== secretArn);
  const holders: string[] = [];
  try {
    for (let i = 0; i < others.length; i += ABREAST) {
      const held = await Promise.all(
        others.slice(i, i + ABREAST).map((secret) => holds(secret, fingerprint, world)),
      );
      holders.push(...held.flatMap((name) => name ?? []));
    }
  } catch (error) {
    world.log.warn('Not every managed secret could be read', { error: String(error) });
    return undefined;
  }
  return holders;
}

async function holds(
  secret: SecretDescription,
  fingerprint: string,
  { store }: World,
): Promise<string | undefined> {
  const stored = await store.read(secret.arn);
  const judged = stored && parseApiKey(stored.value);
  return judged?.ok && judged.key.fingerprint === fingerprint ? secret.name : undefined;
}

/**
 * In how many other secrets of the account and region a key was switched off within the last `milliseconds`, as they remember it. Of those that
 * began in the same second as this one, the first by ARN count: then all know which of them goes first.
 */
export async function deactivatedWithin(
  milliseconds: number,
  own: { readonly at: Date; readonly arn: string },
  { store }: Pick<World, 'store'>,
): Promise<number> {
  const second = Math.floor(own.at.getTime() / 1000) * 1000;
  const secrets = await store.list({ tagKey: ENVIRONMENT_TAG });
  return secrets.filter(({ arn, tags }) => {
    const at = memoryFromTags(tags).timeline.deactivatedAt?.getTime();
    if (at === undefined || arn === own.arn) return false;
    return second - at < milliseconds && (at < second || (at === second && arn < own.arn));
  }).length;
}
