import { type FleetFilter, type FleetListing, fleetOf } from '../domain/fleet/fleet';
import { fetchListing } from './fetch-secret';
import type { Ports, SecretStore } from './ports';

/**
 * Looks at the whole fleet of this account and region by one listing, a hundred secrets a call and none per secret. The filter is applied
 * afterwards, so that a key held in two environments is seen from either.
 */
export async function surveyFleet(
  { store, clock }: Pick<Ports, 'clock'> & { readonly store: Pick<SecretStore, 'list'> },
  filter: FleetFilter = {},
): Promise<FleetListing> {
  const { listed, unreadable } = await fetchListing(store);
  return fleetOf(listed, unreadable, clock.now(), filter);
}
