import { INCONCLUSIVE_AFTER } from '../findings/kinds/inconclusive';
import type { ClaimedSecret, ListedKey, UnreadableSecret } from '../listed-key';
import { keyName } from '../policy';
import { fingerprintOf, type Observation } from '../secret';
import { DAY, elapsed } from '../time';
import { byUrgency, checkPeriod, type FleetRow, fleetRowOf } from './row';

/** Secrets with the same live key: a leak of one is a leak of all, and no rotation ends while one still uses the key. */
export interface SharedKey {
  readonly fingerprint: string;
  readonly secrets: readonly string[];
}

/** Several managed secrets that claim to be one key: a command that names it could reach the wrong one. */
export interface Twins {
  readonly name: string;
  readonly secrets: readonly string[];
}

/** The managed keys of an account and region, or some of them, the worst first. */
export interface FleetListing {
  readonly now: Date;
  readonly rows: readonly FleetRow[];
  readonly unreadable: readonly UnreadableSecret[];
  readonly shared: readonly SharedKey[];
  readonly twins: readonly Twins[];
  /** Tagged as keys, but not managed: to be deployed, or somebody else's. Nothing that they say counts. */
  readonly claimed: readonly ClaimedSecret[];
}

/** Which keys are wanted: every given condition must hold. */
export interface FleetFilter {
  readonly environment?: string;
  /** Only these. */
  readonly environments?: readonly string[];
  readonly owner?: string;
  /** Only what needs a person, now or soon. */
  readonly needsAttention?: boolean;
}

/** Shared keys and twins are found over the whole listing, before the filter is applied. */
export function fleetOf(
  listed: readonly ListedKey[],
  unreadable: readonly UnreadableSecret[],
  now: Date,
  filter: FleetFilter = {},
  claimed: readonly ClaimedSecret[] = [],
): FleetListing {
  const wanted = filtering(filter);
  const read = listed.filter(wanted).map((each) => rowOr(each, now));
  const rows = read.flatMap(({ row }) => row ?? []);
  const broken = [
    ...unreadable.filter((secret) => wanted({ key: secret })),
    ...read.flatMap(({ unreadable }) => unreadable ?? []),
  ];
  const needed = filter.needsAttention ? rows.filter((row) => row.needs !== 'nothing') : rows;
  const names = new Set([...rows.map(({ key }) => key.secretName), ...broken.map((one) => one.secretName)]);
  const concerns = ({ secrets }: { readonly secrets: readonly string[] }) =>
    secrets.some((name) => names.has(name));
  return {
    now,
    rows: needed.toSorted(byUrgency),
    unreadable: broken,
    shared: sharedKeys(listed).filter(concerns),
    twins: twinsIn([...listed.map(({ key }) => key), ...unreadable]).filter(concerns),
    claimed: claimed.filter((key) => wanted({ key })),
  };
}

/** Fleets of several accounts and regions as one, the worst first. `listed`: everything that was listed there, wanted or not. */
export function joinedFleet(
  parts: readonly { readonly fleet: FleetListing; readonly listed: readonly ListedKey[] }[],
  now: Date,
): FleetListing {
  const fleets = parts.map(({ fleet }) => fleet);
  const rows = fleets.flatMap((fleet) => fleet.rows).toSorted(byUrgency);
  const names = new Set(rows.map(({ key }) => key.secretName));
  return {
    now,
    rows,
    unreadable: fleets.flatMap((fleet) => fleet.unreadable),
    shared: sharedKeys(parts.flatMap(({ listed }) => listed)).filter(({ secrets }) =>
      secrets.some((name) => names.has(name)),
    ),
    twins: fleets.flatMap((fleet) => fleet.twins),
    claimed: fleets.flatMap((fleet) => fleet.claimed),
  };
}

/** One row, or why there is none: whatever stands in a secret's tags, the other rows are there. */
function rowOr(
  listed: ListedKey,
  now: Date,
): { readonly row?: FleetRow; readonly unreadable?: UnreadableSecret } {
  try {
    return { row: fleetRowOf(listed, now) };
  } catch (error) {
    const { environment, service, secretName, secretArn, owner } = listed.key;
    const faults = [`its tags cannot be used: ${String(error)}`];
    return { unreadable: { environment, service, secretName, secretArn, owner, faults } };
  }
}

interface PerhapsNamed {
  readonly environment: string;
  readonly service?: string;
  readonly secretName: string;
}

function twinsIn(secrets: readonly PerhapsNamed[]): readonly Twins[] {
  const holders = new Map<string, string[]>();
  for (const { environment, service, secretName } of secrets) {
    if (service === undefined) continue;
    const name = keyName({ environment, service });
    holders.set(name, [...(holders.get(name) ?? []), secretName]);
  }
  return [...holders]
    .filter(([, secrets]) => secrets.length > 1)
    .map(([name, secrets]) => ({ name, secrets: secrets.sort() }));
}

const filtering =
  ({ environment, environments, owner }: FleetFilter) =>
  ({ key }: { readonly key: { readonly environment: string; readonly owner?: string } }) =>
    (environment === undefined || key.environment === environment) &&
    (environments === undefined || environments.includes(key.environment)) &&
    (owner === undefined || key.owner === owner);

function sharedKeys(listed: readonly ListedKey[]): readonly SharedKey[] {
  const holders = new Map<string, string[]>();
  for (const { key, memory } of listed) {
    const fingerprint = memory.verdict?.fingerprint;
    if (fingerprint) holders.set(fingerprint, [...(holders.get(fingerprint) ?? []), key.secretName]);
  }
  return [...holders]
    .filter(([, secrets]) => secrets.length > 1)
    .map(([fingerprint, secrets]) => ({ fingerprint, secrets: secrets.sort() }));
}

/** The fewest keys without an answer that may be one outage rather than several broken keys. */
const FEWEST = 3;

/** Whether the live key has had no answer for so long that it is reported, unless the other keys show an outage. */
export function isSilentForLong(o: Observation, now: Date): boolean {
  const current = o.live;
  const { verdict } = o.memory;
  if (current?.verdict?.kind !== 'UNKNOWN' || verdict?.fingerprint !== fingerprintOf(current)) return false;
  return verdict?.unknownSince !== undefined && elapsed(verdict.unknownSince, now) > INCONCLUSIVE_AFTER;
}

/**
 * Whether most keys of an environment had no conclusive answer at their last check. A key that is checked more often weighs more, as in the alarm
 * that reports an outage, which measures a share of checks.
 */
export function isOutage(keys: readonly Pick<ListedKey, 'memory' | 'policy'>[]): boolean {
  const checked = keys.filter(({ memory }) => memory.verdict);
  const silent = checked.filter(({ memory }) => memory.verdict?.unknownSince);
  return silent.length >= FEWEST && checksPerDay(silent) * 2 > checksPerDay(checked);
}

const checksPerDay = (keys: readonly Pick<ListedKey, 'policy'>[]) =>
  keys.reduce((sum, { policy }) => sum + DAY / checkPeriod(policy.checkEvery), 0);
