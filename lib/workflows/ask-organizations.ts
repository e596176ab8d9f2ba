import type { OrganizationListing } from '../domain/inventory/listing';
import { type DeployedFunctions, FunctionError } from './operator-ports';

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

/** Has each organization listed once, by the first of its environments that can. What one of them cannot do is told, and hides no other. */
export async function askOrganizations(
  environments: readonly AskedEnvironment[],
  functions: Pick<DeployedFunctions, 'admin'>,
  idleDays: number,
): Promise<AskedOrganizations> {
  const asked = await Promise.all(
    groupsOf(environments).map(async (names) => {
      const notAsked: NotAsked[] = [];
      for (const environment of names) {
        const answer = await ask(environment, functions, idleDays);
        if ('records' in answer) return { listing: answer, notAsked: [] };
        notAsked.push(answer);
      }
      return { notAsked };
    }),
  );
  const listings = new Map(
    asked.flatMap(({ listing }) => (listing ? [[listing.organization.id, listing]] : [])),
  );
  return { listings: [...listings.values()], notAsked: asked.flatMap(({ notAsked }) => notAsked) };
}

/** Environments of one organization. One whose organization is not known stands alone. */
function groupsOf(environments: readonly AskedEnvironment[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { name, organizationId } of environments) {
    const group = organizationId ?? `of ${name}`;
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups.values()];
}

async function ask(
  environment: string,
  functions: Pick<DeployedFunctions, 'admin'>,
  idleDays: number,
): Promise<OrganizationListing | NotAsked> {
  const because = (why: NotAsked['why'], words: string): NotAsked => ({ environment, why, words });
  try {
    const answer = await functions.admin(environment, { verb: 'inspect-organization', idleDays });
    if (answer.outcome === 'organization') return answer.listing;
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
