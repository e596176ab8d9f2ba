import type { Actor, KeyActivity } from '../console/activity';
import type { OrganizationListing } from './listing';
import type { InventoryRow, Party } from './row';

/** Something that happened to a key. */
export interface KeyChange extends Pick<InventoryRow, 'workspace'> {
  readonly at: Date;
  readonly id: string;
  readonly name: string;
  readonly change: 'created' | 'expired' | 'enabled' | 'disabled' | 'archived';
  /** Who did it, as the Activity Feed says. */
  readonly by?: Actor;
  /** Who did it, as the record of a created key says. */
  readonly byParty?: Party;
}

/** What happened to the keys of organizations since a moment, the latest first. */
export interface RecentChanges {
  readonly since: Date;
  readonly all: readonly KeyChange[];
  /** Why it is not known which keys were disabled, enabled or archived since then. Absent if it is. */
  readonly notKnown?: string;
}

/** Creations and expiries follow from the records. Who changed which status, only the Activity Feed says. */
export function recentChanges(
  organizations: readonly OrganizationListing[],
  rows: readonly InventoryRow[],
  since: Date,
  now: Date,
): RecentChanges {
  const isRecent = (at: Date) => at > since && at <= now;
  const told = organizations.flatMap(({ feed }) => (feed.kind === 'read' ? feed.activities : []));
  const creations = new Map(
    told.flatMap((each) => (each.change === 'created' ? [[each.recordId, each] as const] : [])),
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const ofRecords = rows.flatMap((row): readonly KeyChange[] => [
    ...(isRecent(row.createdAt) ? [creation(row, creations.get(row.id))] : []),
    ...(row.status === 'expired' && row.expiresAt && isRecent(row.expiresAt)
      ? [{ ...about(row), at: row.expiresAt, change: 'expired' as const }]
      : []),
  ]);
  const ofFeed = told.flatMap(({ change, at, recordId, actor }): readonly KeyChange[] => {
    const row = known.get(recordId);
    return row && change !== 'created' && change !== 'other' && isRecent(at)
      ? [{ ...about(row), at, change, by: actor }]
      : [];
  });
  const notKnown = [...new Set(organizations.flatMap((each) => whyNotKnown(each, since)))].join(' ');
  return {
    since,
    all: [...ofRecords, ...ofFeed].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1)),
    ...(notKnown && { notKnown }),
  };
}

const about = ({ id, name, workspace }: InventoryRow) => ({ id, name, ...(workspace && { workspace }) });

const creation = (row: InventoryRow, told: KeyActivity | undefined): KeyChange => ({
  ...about(row),
  at: row.createdAt,
  change: 'created',
  ...(told ? { by: told.actor } : row.createdBy && { byParty: row.createdBy }),
});

function whyNotKnown({ feed }: OrganizationListing, since: Date): readonly string[] {
  if (feed.kind === 'unread') return [feed.words];
  return [
    ...(feed.since > since ? [`There was too much to read before ${feed.since.toISOString()}.`] : []),
    ...(feed.skipped ? [`${feed.skipped} entries of the Activity Feed could not be read.`] : []),
  ];
}
