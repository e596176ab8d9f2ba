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

/**
 * Lists the keys of the organizations of one environment, or of all that have keys here, and joins them with the secrets of all environments here.
 * @throws UsageError if there is no such environment, or no organization could be listed
 */
export async function gatherInventory(
  environment: string | undefined,
  idleDays: number,
  context: CliContext,
): Promise<Gathered> {
  const now = context.clock.now();
  const { listed, unreadable, claimed } = await fetchListing(context.store);
  const filter = environment === undefined ? {} : { environment };
  await refuseUnknown(filter, fleetOf(listed, unreadable, now, filter, claimed), context);
  const environments = new Map<string, AskedEnvironment>();
  for (const { environment: name } of unreadable) environments.set(name, { name });
  for (const { key, memory } of listed) {
    const organizationId = memory.home?.organizationId ?? environments.get(key.environment)?.organizationId;
    environments.set(key.environment, { name: key.environment, organizationId });
  }
  const wanted = [...environments.values()].filter(
    ({ name }) => environment === undefined || name === environment,
  );
  const { listings, notAsked } = await askOrganizations(wanted, context.functions, idleDays);
  if (listings.length === 0) throw nothingAsked(notAsked);
  const secrets = fleetOf(listed, unreadable, now, {}, claimed);
  return { inventory: inventoryOf(listings, secrets, now, { idleDays }), notAsked };
}

const nothingAsked = (notAsked: readonly NotAsked[]) =>
  new UsageError(
    [
      'No organization could be listed. It takes an environment with adminAccess in keys.yaml, and for you its responder policy, such as anthropic-keys-prod-responder.',
      ...notAsked.map(({ environment, words }) => `${environment}: ${words}`),
    ].join('\n'),
  );
