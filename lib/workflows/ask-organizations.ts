import type { OrganizationListing } from '../domain/inventory/listing';
import { type DeployedFunctions, FunctionError } from './operator-ports';
import type { AdminRequest } from './ports';

/** An environment, and the organization of its keys, if that is known. */
export interface AskedEnvironment {
  readonly name: string;
  readonly organizationId?: string;
}

/** An environment whose organization nobody could list. */
export interface NotAsked {
  readonly environment: string;
  readonly why: 'no-admin-access' | 'denied' | 'failed';
  readonly words: string;
}

export interface AskedOrganizations {
  /** Each organization once. */
  readonly listings: readonly OrganizationListing[];
  readonly notAsked: readonly NotAsked[];
}

/**
 * Has each organization listed once, by the first of its environments that can. Environments whose organization is not known come last, one after the other: what was
 * listed until then is not read again. What one of them cannot do is told, and hides no other.
 */
export async function askOrganizations(
  environments: readonly AskedEnvironment[],
  functions: Pick<DeployedFunctions, 'admin'>,
  idleDays: number,
): Promise<AskedOrganizations> {
  const { known, unknown } = groupsOf(environments);
  const request = { verb: 'inspect-organization', idleDays } as const;
  const answers = await Promise.all(known.map((names) => firstOf(names, request, functions)));
  for (const name of unknown) {
    const listed = answers.flatMap(({ listing }) => listing?.organization.id ?? []);
    answers.push(await firstOf([name], { ...request, listed }, functions));
  }
  const listings = new Map(
    answers.flatMap(({ listing }) => (listing ? [[listing.organization.id, listing]] : [])),
  );
  return { listings: [...listings.values()], notAsked: answers.flatMap(({ notAsked = [] }) => notAsked) };
}

/** What the first of some environments says that can say anything; without a listing, it is listed already. */
interface Answer {
  readonly listing?: OrganizationListing;
  readonly notAsked?: readonly NotAsked[];
}

async function firstOf(
  names: readonly string[],
  request: AdminRequest,
  functions: Pick<DeployedFunctions, 'admin'>,
): Promise<Answer> {
  const notAsked: NotAsked[] = [];
  for (const environment of names) {
    const answer = await ask(environment, request, functions);
    if (!('why' in answer)) return answer;
    notAsked.push(answer);
  }
  return { notAsked };
}

/** Environments of each organization, and those whose organization is not known. */
function groupsOf(environments: readonly AskedEnvironment[]) {
  const groups = new Map<string, string[]>();
  for (const { name, organizationId } of environments)
    if (organizationId !== undefined)
      groups.set(organizationId, [...(groups.get(organizationId) ?? []), name]);
  const unknown = environments.flatMap(({ name, organizationId }) => (organizationId ? [] : [name]));
  return { known: [...groups.values()], unknown };
}

async function ask(
  environment: string,
  request: AdminRequest,
  functions: Pick<DeployedFunctions, 'admin'>,
): Promise<Answer | NotAsked> {
  const because = (why: NotAsked['why'], words: string): NotAsked => ({ environment, why, words });
  try {
    const answer = await functions.admin(environment, request);
    if (answer.outcome === 'organization') return { listing: answer.listing };
    if (answer.outcome === 'listed-already') return {};
    return because(
      'failed',
      answer.outcome === 'refused' ? `${answer.why}.` : `It answered ${answer.outcome}.`,
    );
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
    if (!(error instanceof FunctionError)) return because('failed', message!);
    if (error.failure === 'missing')
      return because('no-admin-access', 'It is deployed without Admin access to Anthropic.');
    if (error.failure === 'denied') return because('denied', message!);
    // What Anthropic refused, a function of this release has told. An earlier one does not know the request.
    const isOld = error.failure === 'failed' && !message!.includes(': AdminError: ');
    return because('failed', isOld ? `${message} ${PERHAPS_OLD}` : message!);
  }
}

const PERHAPS_OLD =
  'If it was deployed with an earlier release, it does not know this request: deploy the release of this command.';
