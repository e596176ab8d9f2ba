import { distance } from 'fastest-levenshtein';
import type { FleetFilter, FleetListing } from '../domain/fleet/fleet';
import { surveyFleet } from '../workflows/fetch-secret';
import type { CliContext } from './context';
import { UsageError } from './exit-code';

/** A question with the names that a typo could have meant, the best first; undefined if there is none. */
export function didYouMean(wanted: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, far: distance(wanted, name) }))
    .filter(
      ({ name, far }) =>
        far <= Math.max(2, Math.floor(wanted.length / 3)) || name.endsWith(`/${wanted.split('/').at(-1)}`),
    )
    .sort((a, b) => a.far - b.far)
    .slice(0, 3);
  return near.length > 0 ? `Did you mean ${near.map(({ name }) => name).join(' or ')}?` : undefined;
}

/**
 * A typo in a filter, or a wrong account or region, must not look like a fleet that is fine. @throws UsageError if there is no key at all, or none has
 * that environment or owner
 */
export async function refuseUnknown(
  { environment, owner }: FleetFilter,
  found: FleetListing,
  context: CliContext,
): Promise<void> {
  if (size(found) > 0) return;
  const all = await surveyFleet(context);
  if (size(all) === 0) throw await noKeyHere(context);
  const keys = [...all.rows.map(({ key }) => key), ...all.unreadable];
  refuse('environment', environment, new Set(keys.map((key) => key.environment)));
  refuse('owner', owner, new Set(keys.flatMap((key) => key.owner ?? [])));
}

const size = ({ rows, unreadable, claimed }: FleetListing) =>
  rows.length + unreadable.length + claimed.length;

/** Says where was looked: mostly it was the wrong place. */
export async function noKeyHere({ place }: Pick<CliContext, 'place'>, wanted = ''): Promise<UsageError> {
  const { account, region } = await place();
  const none = wanted ? `There is no managed key ${wanted}, and none at all,` : 'There is no managed key';
  return new UsageError(
    `${none} in account ${account}, ${region}. Name the right place with --profile and --region; or deploy keys there first.`,
  );
}

function refuse(what: 'environment' | 'owner', wanted: string | undefined, known: ReadonlySet<string>): void {
  if (wanted === undefined || known.has(wanted)) return;
  const all = known.size > 0 ? `There are: ${[...known].sort().join(', ')}.` : '';
  const hint = didYouMean(wanted, [...known]) ?? all;
  throw new UsageError(
    `No managed key of this account and region has the ${what} ${wanted}. ${hint}`.trimEnd(),
  );
}
