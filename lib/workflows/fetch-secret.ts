import { holderOf, LABEL, readLabels } from '../contract/labels';
import { ENVIRONMENT_TAG, statedCreationFromTags } from '../contract/policy-tags';
import {
  readListing,
  readSecret,
  readVersion,
  type SecretDescription,
  type SecretVersionRow,
  type StoredValue,
} from '../contract/read-secret';
import { withVersionMarks } from '../domain/findings/version-marks';
import { type FleetFilter, type FleetListing, fleetOf } from '../domain/fleet/fleet';
import type { ApiKey } from '../domain/key';
import type { LeakMark } from '../domain/memory';
import { METRIC } from '../domain/metrics';
import { missingPredecessor, untracedHints } from '../domain/rotation/predecessor';
import { isTracked, withRoles } from '../domain/secret';
import { elapsed, HOUR, MINUTE } from '../domain/time';
import { StoreError } from './errors';
import type { Ports, SecretStore } from './ports';

/** Keys by version id, to be probed. */
export type Keys = ReadonlyMap<string, ApiKey>;

/** What versions hold, by their id. A version that has a value keeps it for good, so a run never needs to read one twice. */
export type Values = ReadonlyMap<string, StoredValue>;

/** A secret as a run has read it, without an answer of Anthropic's. */
export type SeenSecret = Awaited<ReturnType<typeof read>>;

interface ReadOptions {
  /** Reads every value that AWS still has. @default false */
  readonly every?: boolean;
  /** What this run has read before. Labels and tags are read afresh all the same. @default nothing */
  readonly known?: Values;
}

/** Attempts to read a secret that keeps changing meanwhile. */
const MAX_ATTEMPTS = 4;

/**
 * Reads a secret without asking Anthropic: by three parallel calls, and one for each further value that is needed. An old key that memory knows and
 * no label shows needs them all.
 */
export async function read(
  secretId: string,
  ports: Ports,
  { every = false, known = new Map() }: ReadOptions = {},
) {
  const stored = await readConsistently(secretId, ports);
  const { faults } = stored.managed;
  if (faults.length > 0) {
    ports.metrics.count(METRIC.checkFailed);
    ports.log.error('Damaged policy tags: bounds and defaults stand in', {
      secret: stored.secret.name,
      faults,
    });
  }
  const seen = await interpret(stored, ports, { every, known });
  const isMissing = missingPredecessor(seen.observation) || untracedHints(seen.observation).length > 0;
  return every || !isMissing ? seen : interpret(stored, ports, { every: true, known: seen.values });
}

async function interpret(
  { secret, managed, rows, value }: Stored,
  ports: Ports,
  { every, known }: Required<ReadOptions>,
) {
  const { key, policy, memory, createdAt } = managed;
  const [isRelevant, isNeeded] = every ? [() => true, () => true] : [relevantIn(rows), neededIn(rows)];
  const values = new Map(known);
  if (value) values.set(value.versionId, value);
  const found = await Promise.all(
    rows.filter(isRelevant).map(async (row) => {
      if (row.id !== value?.versionId && !isNeeded(row)) return readVersion(row, undefined);
      const stored = values.get(row.id) ?? (await readOld(secret, row, ports));
      if (stored) values.set(row.id, stored);
      return readVersion(row, stored);
    }),
  );
  const now = ports.clock.now();
  const keys: Keys = new Map(found.flatMap(({ version, key }) => (key ? [[version.id, key]] : [])));
  const observation = withRoles({
    key,
    policy,
    memory: withVersionMarks(
      { ...memory, leaked: memory.leaked.map((leak) => reported(leak, createdAt, now)) },
      rows.map(({ id }) => id),
    ),
    createdAt,
    versions: found.map(({ version }) => ({
      ...version,
      leaks: version.leaks.map((leak) => reported(leak, version.createdAt, now)),
    })),
    expectedHome: ports.env.expectedHome,
    adminAccess: ports.admin !== undefined,
    inspections: [],
    statedCreation: statedCreationFromTags(secret.tags),
  });
  return { secret, observation, keys, values };
}

/** Nobody has reported anything in the future: such a date, by hand, would put off every reminder. */
const reported = <L extends LeakMark>(leak: L, earliest: Date, now: Date): L =>
  leak.on.getTime() - now.getTime() > HOUR ? { ...leak, on: earliest } : leak;

type Stored = Awaited<ReturnType<typeof readConsistently>>;

/**
 * Reads a version that is not live. If access to a superseded one is denied, e.g. since the secret has another KMS key, the check goes on for
 * the live key: the version counts as unread, nothing is decided about it, and the alarm for failed checks fires.
 */
async function readOld(secret: SecretDescription, row: SecretVersionRow, ports: Ports) {
  const { id, labels } = row;
  try {
    return await ports.store.read(secret.arn, {
      versionId: id,
      mayBeEmpty: mayBeEmpty(row, ports.clock.now()),
    });
  } catch (error) {
    const denied = error instanceof StoreError && error.failure === 'denied';
    if (!denied || labels.includes(LABEL.accepted)) throw error;
    ports.metrics.count(METRIC.checkFailed);
    ports.log.error('A version may not be read', { secret: secret.name, version: id, error: String(error) });
    return undefined;
  }
}

/**
 * A rotation begins with a version that has no value. It has AWSPENDING, and no label any more once the rotation was abandoned. While it rotates, a
 * check moves no label, and whoever needs the value of a rotation looks for it again; and no write of a minute ago is missed.
 */
const mayBeEmpty = ({ labels, createdAt }: SecretVersionRow, now: Date) =>
  labels.length === 0 ? elapsed(createdAt, now) >= MINUTE : labels.every((label) => label === LABEL.pending);

/** Three reads of one state: they are repeated if AWSCURRENT moved meanwhile. */
async function readConsistently(secretId: string, { store, clock }: Ports) {
  for (let attempt = 1; ; attempt++) {
    const [secret, rows, value] = await Promise.all([
      store.describe(secretId),
      store.listVersions(secretId, { deprecated: true }),
      store.read(secretId),
    ]);
    const current = holderOf(secret.stages, LABEL.current);
    const listed = rows.find((row) => row.labels.includes(LABEL.current))?.id;
    if (current === value?.versionId && current === listed)
      return { secret, managed: readSecret(secret), rows, value };
    if (attempt === MAX_ATTEMPTS)
      throw new Error(`${secret.name} kept changing while it was read; the next check tries again.`);
    await clock.sleep(500 * attempt);
  }
}

/** Includes versions without labels that may hold living keys: those newer than the accepted one, or all until the live one is accepted. */
function relevantIn(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const current = rows.find((row) => row.labels.includes(LABEL.current));
  const accepted = rows.find((row) => row.labels.includes(LABEL.accepted));
  const settled = current === undefined || current.id === accepted?.id;
  return (row) =>
    !settled || row.labels.length > 0 || accepted === undefined || row.createdAt > accepted.createdAt;
}

/** Old values that nothing depends on stay unread. */
function neededIn(rows: readonly SecretVersionRow[]): (row: SecretVersionRow) => boolean {
  const acceptedAt = rows.find((row) => row.labels.includes(LABEL.accepted))?.createdAt;
  return (row) => {
    const labels = readLabels(row.labels);
    const isNewer = acceptedAt === undefined || row.createdAt >= acceptedAt;
    return labels.accepted || labels.submitted || isTracked(labels) || isNewer;
  };
}

/** All managed keys of the account and region, or of one environment. One call lists a hundred secrets. */
export const fetchListing = async (store: Pick<SecretStore, 'list'>, environment?: string) =>
  readListing(await store.list({ tagKey: ENVIRONMENT_TAG, ...(environment && { environment }) }));

/** Lists the whole fleet of this account and region. The filter applies afterwards, so that a key in two environments is found from both. */
export async function surveyFleet(
  { store, clock }: Pick<Ports, 'clock'> & { readonly store: Pick<SecretStore, 'list'> },
  filter: FleetFilter = {},
): Promise<FleetListing> {
  const { listed, unreadable, claimed } = await fetchListing(store);
  return fleetOf(listed, unreadable, clock.now(), filter, claimed);
}
