import {
  type FleetFilter,
  type FleetListing,
  fleetOf,
  joinedFleet,
  type SharedKey,
} from '../domain/fleet/fleet';
import { fetchListing } from '../workflows/fetch-secret';
import type { CliContext, DeclaredEnvironment } from './context';
import type { Fields } from './document';
import { type Part, readEverywhere } from './everywhere';
import { UsageError } from './exit-code';
import { didYouMean } from './suggest';

/** The fleet of one place, and everything that was listed there, wanted or not. */
export interface PlaceFleet extends Listed {
  readonly fleet: FleetListing;
  /** Environments that the fleet file declares there, and of which there is no key. */
  readonly absent: readonly string[];
}

export type Listed = Awaited<ReturnType<typeof fetchListing>>;

/** The fleets of every place of the fleet file. */
export interface JoinedFleets<T extends PlaceFleet = PlaceFleet> {
  readonly parts: readonly Part<T>[];
  /** What could be read, as one. */
  readonly fleet: FleetListing;
  /** Whether every place was read. */
  readonly complete: boolean;
}

/**
 * Lists the keys of every environment of the fleet file. `more` reads what else is wanted of a place, once its keys are listed. @throws UsageError if every place was
 * read and none has a key, or none of the owner
 */
export async function surveyEverywhere<T extends object>(
  context: CliContext,
  { environment, ...filter }: FleetFilter,
  more: (there: CliContext, fleet: FleetListing) => Promise<T>,
): Promise<JoinedFleets<PlaceFleet & T>> {
  const parts = await readEverywhere(
    context,
    async (there, environments) => {
      const place = await listPlace(there, environments, filter);
      return { ...place, ...(await more(there, place.fleet)) };
    },
    { environment },
  );
  const known = parts.flatMap((part) => ('known' in part ? [part.known] : []));
  const complete = known.length === parts.length;
  const fleet = joinedFleet(known, context.clock.now());
  if (complete) refuseNothing(known, fleet, filter);
  return { parts, fleet, complete };
}

async function listPlace(
  { store, clock }: CliContext,
  declared: readonly DeclaredEnvironment[],
  filter: FleetFilter,
): Promise<PlaceFleet> {
  const environments = declared.map(({ environment }) => environment);
  const all = await fetchListing(store);
  const { listed, unreadable, claimed } = all;
  const there = new Set(
    [...listed.map(({ key }) => key), ...unreadable, ...claimed].map((key) => key.environment),
  );
  return {
    ...all,
    fleet: fleetOf(listed, unreadable, clock.now(), { ...filter, environments }, claimed),
    absent: environments.filter((name) => !there.has(name)),
  };
}

/** A typo in a filter, or a file of environments that are deployed nowhere, must not look like a fleet that is fine. */
function refuseNothing(
  known: readonly PlaceFleet[],
  { rows, unreadable, claimed }: FleetListing,
  { owner }: FleetFilter,
): void {
  if (rows.length + unreadable.length + claimed.length > 0) return;
  const listed = known.flatMap((place) => place.listed);
  const owners = [...new Set(listed.map(({ key }) => key.owner))].sort();
  if (known.every(({ absent, fleet: { rows } }) => rows.length === 0 && absent.length > 0))
    throw new UsageError(
      'None of the environments of keys.yaml has a key where it says that they are. Correct account, region and readAs there; or deploy them first.',
    );
  if (owner !== undefined && !owners.includes(owner))
    throw new UsageError(
      `No managed key has the owner ${owner}. ${didYouMean(owner, owners) ?? (owners.length > 0 ? `There are: ${owners.join(', ')}.` : '')}`.trimEnd(),
    );
}

/** Environments of which there is no key where the fleet file says that they are, a line each. */
export const absentInWords = (parts: readonly Part<PlaceFleet>[]): readonly string[] =>
  parts.flatMap((part) =>
    'known' in part
      ? part.known.absent.map(
          (name) =>
            `${name}: keys.yaml has keys for it, and there is none in account ${part.account}, ${part.region}. Deploy it, or correct account and region there.`,
        )
      : [],
  );

/** Keys that secrets of several places share. Those of one place stand in its own listing. */
export function acrossPlaces(
  parts: readonly Part<PlaceFleet>[],
  { shared }: FleetListing,
): readonly SharedKey[] {
  const within = new Set(
    parts.flatMap((part) =>
      'known' in part ? part.known.fleet.shared.map((each) => JSON.stringify(each)) : [],
    ),
  );
  return shared.filter((each) => !within.has(JSON.stringify(each)));
}

/** The document `fleets/1`. */
export const fleetsJson = ({ parts, fleet, complete }: JoinedFleets): Fields => ({
  complete,
  parts: parts.map((part) => ({
    ...stateOf(part),
    ...('known' in part && { fleet: part.known.fleet }),
  })),
  shared: acrossPlaces(parts, fleet),
});

/** Where a part is, and whether it was read. */
export const stateOf = ({ environments, account, region, ...part }: Part<PlaceFleet>) => ({
  environments,
  ...(account && { account }),
  ...(region && { region }),
  ...('known' in part ? { absent: part.known.absent } : { unread: part.unread }),
});
