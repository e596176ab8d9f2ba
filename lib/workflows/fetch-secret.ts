import { holderOf, LABEL, readLabels } from '../contract/labels';
import { ENVIRONMENT_TAG, statedCreationFromTags } from '../contract/policy-tags';
import {
  readListing,
  readSecret,
  readVersion,
  type SecretDescription,
  type SecretVersionRow,
} from '../contract/read-secret';
import type { ApiKey } from '../domain/key';
import { METRIC } from '../domain/metrics';
import { withRoles } from '../domain/secret';
import { StoreError } from './errors';
import type { Ports, SecretStore } from './ports';

/** The keys of a look by version id, for those who must ask about them. */
export type Keys = ReadonlyMap<string, ApiKey>;

/** How often a look is thrown away because the secret changed under it. */
const LOOKS = 4;

/** Reads without asking Anthropic: in a steady state three calls, side by side. `every` reads every value that AWS still has. */
export async function read(secretId: string, ports: Ports, every = false) {
  const { secret, rows, value } = await consistent(secretId, ports);
  const { key, policy, memory } = readSecret(secret);
  const [isSeen, isWanted] = every ? [() => true, () => true] : [inView(rows), dependedOn(rows)];
  const seen = await Promise.all(
    rows.filter(isSeen).map(async (row) => {
      if (row.id === value?.versionId) return readVersion(row, value);
      return readVersion(row, isWanted(row) ? await readOld(secret, row, ports) : undefined);
    }),
  );
  const keys: Keys = new Map(seen.flatMap(({ version, key }) => (key ? [[version.id, key]] : [])));
  const observation = withRoles({
    key,
    policy,
    memory,
    versions: seen.map(({ version }) => version),
    expectedHome: ports.env.expectedHome,
    adminAccess: ports.admin !== undefined,
    inspections: [],
    statedCreation: statedCreationFromTags(secret.tags),
  });
  return { secret, observation, keys };
}

/**
 * Reads a version that is not live. A superseded one that may not be read, e.g. since the secret moved to another KMS key, must not end the
 * watch over the live key: it counts as unread, nothing is decided about it, and the alarm for failed checks speaks.
 */
async function readOld(secret: SecretDescription, { id, labels }: SecretVersionRow, ports: Ports) {
  try {
    return await ports.store.read(secret.arn, { versionId: id });
  } catch (error) {
    const denied = error instanceof StoreError && error.failure === 'denied';
    if (!denied || labels.includes(LABEL.accepted)) throw error;
    ports.metrics.count(METRIC.checkFailed);
    ports.log.error('A version may not be read', { secret: secret.name, version: id, error: String(error) });
    return undefined;
  }
}

/** Three reads that belong together: a look during which AWSCURRENT moved is thrown away. */
async function consistent(secretId: string, { store, clock }: Ports) {
  for (let look = 1; ; look++) {
    const [secret, rows, value] = await Promise.all([
      store.describe(secretId),
      store.listVersions(secretId, { deprecated: true }),
      store.read(secretId),
    ]);
    const current = holderOf(secret.stages, LABEL.current);
    const listed = rows.find((row) => row.labels.includes(LABEL.current))?.id;
    if (current === value?.versionId && current === listed) return { secret, rows, value };
    if (look === LOOKS)
      throw new Error(
        `The secret ${secret.name} kept changing while it was read; the next check tries again.`,
      );
    await clock.sleep(500 * look);
  }
}

/**
 * Versions that lost their labels may hold keys that are still alive: those newer than the accepted one, and all while the live version is
 * not the accepted one.
 */
function inView(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const current = rows.find((row) => row.labels.includes(LABEL.current));
  const accepted = rows.find((row) => row.labels.includes(LABEL.accepted));
  const settled = current === undefined || current.id === accepted?.id;
  return (row) =>
    !settled || row.labels.length > 0 || accepted === undefined || row.createdAt > accepted.createdAt;
}

/** Old values that nothing depends on stay unread. */
function dependedOn(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const acceptedAt = rows.find((row) => row.labels.includes(LABEL.accepted))?.createdAt;
  return (row) => {
    const labels = readLabels(row.labels);
    const mayBeOvertaken = acceptedAt === undefined || row.createdAt >= acceptedAt;
    return labels.accepted || labels.submitted || labels.retire.length > 0 || mayBeOvertaken;
  };
}

/** All managed keys of the account and region, or of one environment: a hundred secrets a call, none per secret. */
export const fetchListing = async (store: Pick<SecretStore, 'list'>, environment?: string) =>
  readListing(await store.list({ tagKey: ENVIRONMENT_TAG, ...(environment && { environment }) }));
