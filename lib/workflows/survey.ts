import { type FleetFilter, type FleetListing, fleetOf } from '../domain/fleet/fleet';
import { fetchListing } from './fetch-secret';
import type { Ports, SecretStore } from './ports';

/** Lists the whole fleet of this account and region. The filter applies afterwards, so that a key in two environments is found from both. */
export async function surveyFleet(
  { store, clock }: Pick<Ports, 'clock'> & { readonly store: Pick<SecretStore, 'list'> },
  filter: FleetFilter = {},
): Promise<FleetListing> {
  const { listed, unreadable } = await fetchListing(store);
  return fleetOf(listed, unreadable, clock.now(), filter);
}
