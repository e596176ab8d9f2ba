import { MEMORY_PREFIX, memoryFromTags } from '../contract/memory-tags';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { isOutage, isSilentForLong } from '../domain/fleet/fleet';
import { readStored } from '../domain/key';
import type { Memory } from '../domain/memory';
import { answers, fingerprintOf, type Observation, withRoles } from '../domain/secret';
import { fetchListing } from './fetch-secret';
import type { Ports, SecretStore } from './ports';

interface Listing {
  readonly store: Pick<SecretStore, 'list'>;
}

/** Other managed secrets of this account and region, as names by the last known fingerprint of their live key. */
async function liveElsewhere(secretArn: string, fleet: Listing): Promise<ReadonlyMap<string, string>> {
  const others = await listOthers(secretArn, fleet);
  return new Map(others.flatMap(({ name, verdict }) => (verdict ? [[verdict.fingerprint, name]] : [])));
}

/** The name of another managed secret with this key, live or last superseded: its owner would switch a superseded key off. */
export async function heldElsewhere(
  fingerprint: string,
  secretArn: string,
  fleet: Listing,
): Promise<string | undefined> {
  const others = await listOthers(secretArn, fleet);
  return others.find(
    ({ verdict, timeline }) =>
      verdict?.fingerprint === fingerprint ||
      (timeline.fingerprint === fingerprint && timeline.provenAt === undefined),
  )?.name;
}

/** The memory of the other managed secrets, from one listing without values. */
async function listOthers(secretArn: string, { store }: Listing): Promise<(Memory & { name: string })[]> {
  const managed = await store.list({ tagKey: `${MEMORY_PREFIX}verdict` });
  return managed
    .filter(({ arn }) => arn !== secretArn)
    .map(({ name, tags }) => ({ name, ...memoryFromTags(tags) }));
}

/** Secrets read in parallel. */
const BATCH_SIZE = 10;

/**
 * Names of the other managed secrets of this account and region whose live value is this key. Every value is read, because memory is not
 * proof enough to switch a key off. Undefined if one could not be read.
 */
export async function liveIn(
  fingerprint: string,
  secretArn: string,
  ports: Ports,
): Promise<readonly string[] | undefined> {
  const others = (await ports.store.list({ tagKey: ENVIRONMENT_TAG })).filter(({ arn }) => arn !== secretArn);
  const holders: string[] = [];
  try {
    for (let i = 0; i < others.length; i += BATCH_SIZE) {
      const held = await Promise.all(
        others.slice(i, i + BATCH_SIZE).map((secret) => holds(secret, fingerprint, ports)),
      );
      holders.push(...held.flatMap((name) => name ?? []));
    }
  } catch (error) {
    ports.log.warn('Not every managed secret could be read', { error: String(error) });
    return undefined;
  }
  return holders;
}

async function holds(
  secret: SecretDescription,
  fingerprint: string,
  { store }: Ports,
): Promise<string | undefined> {
  const stored = await store.read(secret.arn);
  const key = stored && readStored(stored.value).key;
  return key?.fingerprint === fingerprint ? secret.name : undefined;
}

/**
 * Number of other secrets of the account and region with a key switched off within the last `milliseconds`, by their memory. Of those in the
 * same second only smaller ARNs count, so that concurrent runs agree on an order.
 */
export async function deactivatedWithin(
  milliseconds: number,
  own: { readonly at: Date; readonly arn: string },
  { store }: Pick<Ports, 'store'>,
): Promise<number> {
  const second = Math.floor(own.at.getTime() / 1000) * 1000;
  const secrets = await store.list({ tagKey: ENVIRONMENT_TAG });
  return secrets.filter(({ arn, tags }) => {
    const at = memoryFromTags(tags).timeline.deactivatedAt?.getTime();
    if (at === undefined || arn === own.arn) return false;
    return second - at < milliseconds && (at < second || (at === second && arn < own.arn));
  }).length;
}

/** Adds which other secret uses a superseded key that still answers after its grace: that service must not be stopped. */
export async function withHolders(o: Observation, ports: Ports): Promise<Observation> {
  const over = new Set(
    o.retiring
      .filter(({ version, until }) => until <= ports.clock.now() && answers(version))
      .map(({ version }) => version.id),
  );
  if (over.size === 0) return o;
  const holders = await liveElsewhere(o.key.secretArn, ports);
  const versions = o.versions.map((version) => {
    const liveIn = over.has(version.id) ? holders.get(fingerprintOf(version)!) : undefined;
    return liveIn ? { ...version, liveIn } : version;
  });
  return withRoles({ ...o, versions });
}

/**
 * Whether most keys of the environment get no conclusive answer. Costs one listing, and only when the silence is long enough for a notice.
 * If the listing fails, the key gets its own notice: rather one mail too many.
 */
export async function inOutage(o: Observation, { store, clock, log }: Ports): Promise<boolean> {
  if (!isSilentForLong(o, clock.now())) return false;
  try {
    const { environment } = o.key;
    return isOutage((await fetchListing(store, environment)).listed);
  } catch (error) {
    log.warn('The other keys were not looked at', { secret: o.key.secretName, error: String(error) });
    return false;
  }
}
