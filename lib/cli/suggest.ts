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

/** A typo in a filter must not look like a fleet that is fine. @throws UsageError if no key has that environment or owner */
export async function refuseUnknown(
  { environment, owner }: FleetFilter,
  found: FleetListing,
  context: CliContext,
): Promise<void> {
  if (found.rows.length + found.unreadable.length > 0) return;
  if (environment === undefined && owner === undefined) return;
  const { rows, unreadable } = await surveyFleet(context);
  const keys = [...rows.map(({ key }) => key), ...unreadable];
  refuse('environment', environment, new Set(keys.map((key) => key.environment)));
  refuse('owner', owner, new Set(keys.flatMap((key) => key.owner ?? [])));
}

function refuse(what: 'environment' | 'owner', wanted: string | undefined, known: ReadonlySet<string>): void {
  if (wanted === undefined || known.has(wanted)) return;
  const all = known.size > 0 ? `There are: ${[...known].sort().join(', ')}.` : '';
  const hint = didYouMean(wanted, [...known]) ?? all;
  throw new UsageError(
    `No managed key of this account and region has the ${what} ${wanted}. ${hint}`.trimEnd(),
  );
}
