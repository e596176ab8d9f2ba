import { fleetOf } from '../../domain/fleet/fleet';
import { type Inventory, inventoryOf } from '../../domain/inventory/inventory';
import {
  type AskedEnvironment,
  type AskedOrganizations,
  askOrganizations,
  type NotAsked,
} from '../../workflows/ask-organizations';
import { fetchListing } from '../../workflows/fetch-secret';
import type { CliContext } from '../context';
import { declaredIn, type Part } from '../everywhere';
import { UsageError } from '../exit-code';
import { absentInWords, type JoinedFleets, type Listed, type PlaceFleet, surveyEverywhere } from '../fleets';
import { refuseUnknown } from '../suggest';
import { waitFor } from '../terminal';

/** Every key of the organizations of some environments, and which environments could not be asked. */
export interface Gathered {
  readonly inventory: Inventory;
  readonly notAsked: readonly NotAsked[];
}

/** What one place has, and the functions there. */
export type AskedPlace = PlaceFleet & Pick<CliContext, 'functions'>;

const LISTING = 'Listing the keys of the organization';

/**
 * Lists the keys of the organizations of one environment, or of all that have keys here, and joins them with the secrets of all environments here.
 * @throws UsageError if there is no such environment, or no organization could be listed
 */
export const gatherInventory = (
  environment: string | undefined,
  idleDays: number,
  context: CliContext,
): Promise<Gathered> =>
  waitFor(context.terminal, LISTING, async () => {
    const here = await fetchListing(context.store);
    const { listed, unreadable, claimed } = here;
    const filter = environment === undefined ? {} : { environment };
    await refuseUnknown(filter, fleetOf(listed, unreadable, context.clock.now(), filter, claimed), context);
    const wanted = environmentsOf(here).filter(({ name }) => (environment ?? name) === name);
    const asked = await askOrganizations(wanted, context.functions, idleDays);
    if (asked.listings.length === 0) throw nothingAsked(asked.notAsked);
    return joined(asked, [here], [], idleDays, context);
  });

/**
 * Lists the keys of the organizations of one environment of the fleet file, or of all of them, and joins them with the secrets of every place.
 * @throws UsageError as `surveyEverywhere` and `inventoryOfPlaces`
 */
export async function gatherEverywhere(
  environment: string | undefined,
  idleDays: number,
  context: CliContext,
): Promise<Gathered & JoinedFleets> {
  await declaredIn(context, environment);
  const survey = await surveyEverywhere(context, {}, async ({ functions }) => ({ functions }));
  return { ...survey, ...(await inventoryOfPlaces(survey.parts, environment, idleDays, context)) };
}

/**
 * The inventory of places that were listed: each organization is asked once, by the first environment that can, whichever account that is in.
 * @throws UsageError if every place was read, and no organization could be listed
 */
export async function inventoryOfPlaces(
  parts: readonly Part<AskedPlace>[],
  environment: string | undefined,
  idleDays: number,
  context: CliContext,
): Promise<Gathered> {
  const read = parts.flatMap((part) => ('known' in part ? [part] : []));
  const notRead = parts.flatMap((part) => ('unread' in part ? part.environments : []));
  const functionsOf = new Map(
    read.flatMap(({ environments, known }) => environments.map((name) => [name, known.functions] as const)),
  );
  const { environments: declared = [] } = (await context.declared()) ?? {};
  const wanted = read
    .flatMap(({ environments, known }) =>
      environmentsOf(known).filter(({ name }) => environments.includes(name)),
    )
    .filter(({ name }) => (environment ?? name) === name)
    .map(({ name, organizationId }) => ({
      name,
      organizationId: organizationId ?? declared.find((each) => each.environment === name)?.organizationId,
    }));
  const asked = await waitFor(context.terminal, LISTING, () =>
    askOrganizations(
      wanted,
      { admin: (name, request) => functionsOf.get(name)!.admin(name, request) },
      idleDays,
    ),
  );
  if (asked.listings.length === 0 && notRead.length === 0)
    throw nothingAsked(asked.notAsked, absentInWords(parts));
  return joined(
    asked,
    read.map(({ known }) => known),
    notRead,
    idleDays,
    context,
  );
}

/** The environments that have keys in a listing, and the organizations of those. */
function environmentsOf({ listed, unreadable }: Listed): readonly AskedEnvironment[] {
  const environments = new Map<string, AskedEnvironment>();
  for (const { environment: name } of unreadable) environments.set(name, { name });
  for (const { key, memory } of listed) {
    const organizationId = memory.home?.organizationId ?? environments.get(key.environment)?.organizationId;
    environments.set(key.environment, { name: key.environment, organizationId });
  }
  return [...environments.values()];
}

function joined(
  { listings, notAsked }: AskedOrganizations,
  places: readonly Listed[],
  notRead: readonly string[],
  idleDays: number,
  { clock }: Pick<CliContext, 'clock'>,
): Gathered {
  const now = clock.now();
  const secrets = fleetOf(
    places.flatMap(({ listed }) => listed),
    places.flatMap(({ unreadable }) => unreadable),
    now,
    {},
    places.flatMap(({ claimed }) => claimed),
  );
  return { inventory: inventoryOf(listings, { ...secrets, notRead }, now, { idleDays }), notAsked };
}

const nothingAsked = (notAsked: readonly NotAsked[], absent: readonly string[] = []) =>
  new UsageError(
    'No organization could be listed. It takes an environment with adminAccess in keys.yaml, and for you, or whom its readAs names, its responder policy, such as anthropic-keys-prod-responder.',
    [...notAsked.map(({ environment, words }) => `${environment}: ${words}`), ...absent],
  );
