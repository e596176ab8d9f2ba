import { holderOf, LABEL } from '../contract/labels';
import { isDeployed, isManaged } from '../contract/managed';
import { memoryFromTags } from '../contract/memory-tags';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { SecretDescription } from '../contract/read-secret';
import { graceOver } from '../domain/findings/kinds/grace-over';
import { refusedKeyWorks } from '../domain/findings/kinds/refused-key-works';
import { zombie } from '../domain/findings/kinds/zombie';
import { isOutage, isSilentForLong } from '../domain/fleet/fleet';
import { ApiKey, readStored } from '../domain/key';
import type { Memory } from '../domain/memory';
import { assess } from '../domain/rotation/assess';
import { answers, fingerprintOf, type KeyVersion, type Observation, withRoles } from '../domain/secret';
import { utcDay } from '../domain/time';
import { fetchListing } from './fetch-secret';
import type { Ports, SecretStore } from './ports';

// Anybody may create a secret and write our tags on it. So only managed secrets count here (ADR 15), and what they say silences nothing.

interface Listing {
  readonly store: Pick<SecretStore, 'list'>;
}

/** The managed secrets of this account and region besides one, from one listing without values. */
async function otherManaged(secretArn: string, { store }: Listing): Promise<readonly SecretDescription[]> {
  const tagged = await store.list({ tagKey: ENVIRONMENT_TAG });
  return tagged.filter((secret) => secret.arn !== secretArn && isManaged(secret));
}

/** The name of another managed secret with this key, live or last superseded: its owner would switch a superseded key off. */
export async function heldElsewhere(
  fingerprint: string,
  secretArn: string,
  fleet: Listing,
): Promise<string | undefined> {
  const others = await otherManaged(secretArn, fleet);
  return others.find(({ tags }) => remembers(memoryFromTags(tags), fingerprint))?.name;
}

const remembers = ({ verdict, timeline }: Memory, fingerprint: string) =>
  verdict?.fingerprint === fingerprint ||
  (timeline.fingerprint === fingerprint && timeline.provenAt === undefined);

/** Secrets read in parallel. */
const BATCH_SIZE = 10;

/**
 * Names of the other managed secrets of this account and region, in any environment, whose live value is this key. Every value is read, because
 * memory is not proof enough to switch a key off. Undefined if one could not be read.
 */
export async function liveElsewhere(
  fingerprint: string,
  secretArn: string,
  ports: Ports,
): Promise<readonly string[] | undefined> {
  const others = await otherManaged(secretArn, ports);
  // A secret without a live version holds no key, and a read would only say so after a further call.
  const valued = others.filter(({ stages }) => holderOf(stages, LABEL.current) !== undefined);
  const holders: string[] = [];
  try {
    for (let i = 0; i < valued.length; i += BATCH_SIZE) {
      const held = await Promise.all(
        valued.slice(i, i + BATCH_SIZE).map((secret) => holds(secret, fingerprint, ports)),
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
  return stored && holdsKey(stored.value, fingerprint) ? secret.name : undefined;
}

/** Whether a stored text holds the key, in whatever format and beside whatever else. */
function holdsKey(text: string, fingerprint: string): boolean {
  const found = text.match(/sk-ant-[\w-]+/g) ?? [];
  return (
    readStored(text).key?.fingerprint === fingerprint ||
    found.some((key) => new ApiKey(key).fingerprint === fingerprint)
  );
}

/**
 * Number of other deployed secrets of the account and region with a key switched off within the last `milliseconds`, by their memory. Of those in
 * the same second only smaller ARNs count, so that concurrent runs agree on an order.
 */
export async function deactivatedWithin(
  milliseconds: number,
  own: { readonly at: Date; readonly arn: string },
  { store }: Pick<Ports, 'store'>,
): Promise<number> {
  const second = Math.floor(own.at.getTime() / 1000) * 1000;
  const secrets = await store.list({ tagKey: ENVIRONMENT_TAG });
  return secrets.filter((secret) => {
    const at = memoryFromTags(secret.tags).timeline.deactivatedAt?.getTime();
    if (at === undefined || secret.arn === own.arn || !isDeployed(secret)) return false;
    return second - at < milliseconds && (at < second || (at === second && secret.arn < own.arn));
  }).length;
}

/**
 * Adds which other secret seems to use an old or refused key that still answers, so that the mail about it can say so. A refused key was never
 * live here: if the value of the other secret holds it, it is that one's to look after. Lists the fleet only where something hangs on it, so for a
 * forgotten key once per mail and not at each check.
 */
export async function withHolders(o: Observation, ports: Ports): Promise<Observation> {
  const now = ports.clock.now();
  const followed = new Set(o.followed.map(({ version }) => version.id));
  const over = new Set(
    [...o.retiring.filter(({ until }) => until <= now), ...o.followed]
      .filter(({ version }) => answers(version))
      .map(({ version }) => version.id),
  );
  if (over.size === 0 || !(isToBeTold(o, now) || isFirstOfDay(o, now))) return o;
  const holders = await seemingHolders(o, ports);
  const versions = await Promise.all(
    o.versions.map(async (version) => {
      const holder = over.has(version.id) ? holders.get(fingerprintOf(version)!) : undefined;
      if (!holder) return version;
      const heldIn = followed.has(version.id) ? await heldIfReadable(holder, version, ports) : undefined;
      return { ...version, liveIn: holder.name, ...(heldIn && { heldIn }) };
    }),
  );
  return withRoles({ ...o, versions });
}

/** A mail is due that names the holder, or that is not sent if the key is the holder's. What is not due now is decided without it. */
const isToBeTold = (o: Observation, now: Date) =>
  assess(o, now).notices.send.some(({ finding }) =>
    [graceOver, zombie, refusedKeyWorks].some((kind) => kind.is(finding)),
  );

/** A refused key that has become another secret's is known as such within a day, and followed no longer once its time is over. */
const isFirstOfDay = ({ followed, memory }: Observation, now: Date) =>
  memory.checkedOn !== utcDay(now) && followed.some(({ version }) => answers(version));

/** A secret of another environment may not be read: then the key is told of. */
async function heldIfReadable(holder: SecretDescription, version: KeyVersion, ports: Ports) {
  try {
    return await holds(holder, fingerprintOf(version)!, ports);
  } catch (error) {
    ports.log.warn('Another secret could not be read', { secret: holder.name, error: String(error) });
    return undefined;
  }
}

/** Other managed secrets by the last known fingerprint of their live key. Without a listing none is mentioned. */
async function seemingHolders(
  { key }: Observation,
  ports: Ports,
): Promise<ReadonlyMap<string, SecretDescription>> {
  try {
    const others = await otherManaged(key.secretArn, ports);
    return new Map(
      others.flatMap((secret) => {
        const { verdict } = memoryFromTags(secret.tags);
        return verdict ? [[verdict.fingerprint, secret] as const] : [];
      }),
    );
  } catch (error) {
    ports.log.warn('The other keys were not looked at', { secret: key.secretName, error: String(error) });
    return new Map();
  }
}

/**
 * Whether most keys of the environment get no conclusive answer. Costs one listing, and only when the silence is long enough for a notice.
 * Only deployed secrets count. If the listing fails, the key gets its own notice: rather one mail too many.
 */
export async function inOutage(o: Observation, { store, clock, log }: Ports): Promise<boolean> {
  if (!isSilentForLong(o, clock.now())) return false;
  try {
    const { listed } = await fetchListing(store, o.key.environment);
    return isOutage(listed.filter(({ deployed }) => deployed));
  } catch (error) {
    log.warn('The other keys were not looked at', { secret: o.key.secretName, error: String(error) });
    return false;
  }
}
