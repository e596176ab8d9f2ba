import { fleetOf } from '../../domain/fleet/fleet';
import { type Inventory, inventoryOf } from '../../domain/inventory/inventory';
import { type AskedEnvironment, askOrganizations, type NotAsked } from '../../workflows/ask-organizations';
import { fetchListing } from '../../workflows/fetch-secret';
import type { CliContext } from '../context';
import { UsageError } from '../exit-code';
import { refuseUnknown } from '../suggest';

/** Every key of the organizations of some environments, and which environments could not be asked. */
export interface Gathered {
  readonly inventory: Inventory;
  readonly notAsked: readonly NotAsked[];
}

/** What one account and region has: its secrets, and its environments with the organizations of their keys. */
interface PlaceSecrets {
  readonly listed: Awaited<ReturnType<typeof fetchListing>>;
  readonly environments: readonly AskedEnvironment[];
}

/**
 * Lists the keys of the organizations of one environment, or of all that have keys here, and joins them with the secrets of all environments here.
 * @throws UsageError if there is no such environment, or no organization could be listed
 */
export async function gatherInventory(
  environment: string | undefined,
  idleDays: number,
  context: CliContext,
): Promise<Gathered> {
  const here = await secretsIn(context);
  const { listed, unreadable, claimed } = here.listed;
  const filter = environment === undefined ? {} : { environment };
  await refuseUnknown(filter, fleetOf(listed, unreadable, context.clock.now(), filter, claimed), context);
  const wanted = here.environments.filter(({ name }) => environment === undefined || name === environment);
  return joinInventory([here], wanted, idleDays, context);
}

/** One listing of a place. */
async function secretsIn({ store }: Pick<CliContext, 'store'>): Promise<PlaceSecrets> {
  const listed = await fetchListing(store);
  const environments = new Map<string, AskedEnvironment>();
  for (const { environment: name } of listed.unreadable) environments.set(name, { name });
  for (const { key, memory } of listed.listed) {
    const organizationId = memory.home?.organizationId ?? environments.get(key.environment)?.organizationId;
    environments.set(key.environment, { name: key.environment, organizationId });
  }
  return { listed, environments: [...environments.values()] };
}

/** Joins the secrets of places with the organizations of the wanted environments. @throws UsageError if none could be listed */
async function joinInventory(
  places: readonly PlaceSecrets[],
  wanted: readonly AskedEnvironment[],
  idleDays: number,
  { functions, clock }: Pick<CliContext, 'functions' | 'clock'>,
): Promise<Gathered> {
  const { listings, notAsked } = await askOrganizations(wanted, functions, idleDays);
  if (listings.length === 0) throw nothingAsked(notAsked);
  const now = clock.now();
  const all = places.map(({ listed }) => listed);
  const secrets = fleetOf(
    all.flatMap(({ listed }) => listed),
    all.flatMap(({ unreadable }) => unreadable),
    now,
    {},
    all.flatMap(({ claimed }) => claimed),
  );
  return { inventory: inventoryOf(listings, secrets, now, { idleDays }), notAsked };
}

const nothingAsked = (notAsked: readonly NotAsked[]) =>
  new UsageError(
    [
      'No organization could be listed. It takes an environment with adminAccess in keys.yaml, and for you its responder policy, such as anthropic-keys-prod-responder.',
      ...notAsked.map(({ environment, words }) => `${environment}: ${words}`),
    ].join('\n'),
  );
