import type { Unread } from '../console/activity';
import { type LastUse, lastUseIn } from '../console/last-use';
import type { Listing, Member, Workspace } from '../console/organization';
import type { Principal } from '../console/record';
import { type Holder, matchConsole, type PerhapsHolding } from '../fleet/console-match';
import { DAY, daysBetween, plus } from '../time';
import { type RecentChanges, recentChanges } from './changes';
import { INVENTORY_FLAGS, type InventoryFlag, orderOf } from './flags';
import type { OrganizationListing } from './listing';
import type { InventoryRow, Party } from './row';

/** An organization, and how much of it could be read. */
export interface OrganizationState {
  readonly id: string;
  readonly name: string;
  readonly keys: number;
  readonly members: 'read' | Unread;
  readonly workspaces: 'read' | Unread;
  readonly uses: { readonly from: Date; readonly until: Date } | Unread;
  readonly feed: { readonly since: Date } | Unread;
}

/** Every key of one or several organizations, the worst first, and what changed lately. */
export interface Inventory {
  readonly now: Date;
  readonly idleDays: number;
  readonly organizations: readonly OrganizationState[];
  readonly rows: readonly InventoryRow[];
  readonly counts: Readonly<Record<InventoryFlag, number>>;
  /** Keys of managed secrets that leave no trace in a listing: so many of the unmanaged ones may be managed after all. */
  readonly unseen: number;
  /** Environments whose secrets could not be read: any key may be in one of those. */
  readonly notRead: readonly string[];
  readonly changes: RecentChanges;
}

/** The listed secrets of any number of places: the more, the fewer keys look unmanaged that are not. */
export interface ListedSecrets extends PerhapsHolding {
  /** Damaged tags hide what a secret holds. */
  readonly unreadable: readonly unknown[];
  /** Environments whose secrets could not be listed. @default none */
  readonly notRead?: readonly string[];
}

/** Days without use after which a key counts as idle, unless others are asked for. */
export const IDLE_DAYS = 30;

/** Days before its expiry from which a key is said to expire. */
const EXPIRY_DAYS = 30;

/** Days for which a new key is not called unused. */
const NEW_DAYS = 7;

const WEEK = 7 * DAY;

/** Joins the keys of organizations with the secrets that hold them. Whatever could not be read is unknown, and makes no flag. */
export function inventoryOf(
  organizations: readonly OrganizationListing[],
  secrets: ListedSecrets,
  now: Date,
  { idleDays = IDLE_DAYS }: { readonly idleDays?: number } = {},
): Inventory {
  const { holders, unseen } = matchConsole(
    organizations.flatMap(({ records }) => records),
    secrets,
  );
  const { notRead = [] } = secrets;
  const terms = { now, idleDays, allRead: notRead.length === 0 };
  const rows = organizations.flatMap((listing) => rowsOf(listing, holders, terms)).sort(byUrgency);
  const counts = Object.fromEntries(INVENTORY_FLAGS.map(({ flag }) => [flag, 0])) as Record<
    InventoryFlag,
    number
  >;
  for (const { flags } of rows) for (const flag of flags) counts[flag] += 1;
  return {
    now,
    idleDays,
    organizations: organizations.map(stateOf),
    rows,
    counts,
    unseen: unseen + secrets.unreadable.length,
    notRead,
    changes: recentChanges(organizations, rows, plus(now, -WEEK), now),
  };
}

/** What the flags of keys rest on besides the keys. */
interface Terms {
  readonly now: Date;
  readonly idleDays: number;
  /** Whether the secrets of every place were listed: else a key that none of them holds may have its secret elsewhere. */
  readonly allRead: boolean;
}

function rowsOf(
  { organization, records, members, workspaces, uses }: OrganizationListing,
  holders: ReadonlyMap<string, readonly Holder[]>,
  terms: Terms,
): readonly InventoryRow[] {
  const partyOf = partiesOf(members);
  const workspaceOf = workspacesOf(workspaces);
  const lastUseOf = lastUseIn(uses, terms.now);
  return records.map((record) => {
    const { id, name, hint, status, createdAt, expiresAt, workspaceId, createdBy, principal } = record;
    const facts = {
      organizationId: organization.id,
      id,
      name,
      ...shortForm(hint),
      status,
      ...(workspaceId !== undefined && { workspace: workspaceOf(workspaceId) }),
      createdAt,
      ...(createdBy && { createdBy: partyOf(createdBy) }),
      ...(principal && { principal: partyOf(principal) }),
      ...(expiresAt && { expiresAt }),
      lastUse: lastUseOf(record),
      held: holders.get(id) ?? [],
    };
    return { ...facts, flags: flagsOf(facts, terms) };
  });
}

function partiesOf(members: Listing<Member>) {
  const known = new Map(members.kind === 'read' ? members.all.map((member) => [member.id, member]) : []);
  return ({ kind, id }: Principal): Party => {
    if (kind !== 'user' || members.kind === 'unread') return { kind, id, here: 'unknown' };
    const member = known.get(id);
    return member ? { kind, id, email: member.email, here: 'yes' } : { kind, id, here: 'gone' };
  };
}

function workspacesOf(workspaces: Listing<Workspace>) {
  const known = new Map(workspaces.kind === 'read' ? workspaces.all.map((each) => [each.id, each]) : []);
  return (id: string): InventoryRow['workspace'] => {
    const { name, archivedAt } = known.get(id) ?? {};
    return { id, ...(name !== undefined && { name }), ...(archivedAt && { archivedAt }) };
  };
}

/** Anthropic's short form as we write ours. Anything of another shape is not repeated: whoever made it may have put a key there. */
function shortForm(hint: string | undefined): Pick<InventoryRow, 'hint'> {
  const [, start, end] = /^(sk-ant-[\w-]{1,10})(?:\.{2,}|…)([\w-]{3,6})$/.exec(hint ?? '') ?? [];
  return start && end ? { hint: `${start}…${end}` } : {};
}

type Facts = Omit<InventoryRow, 'flags'>;

function flagsOf(row: Facts, { now, idleDays, allRead }: Terms): readonly InventoryFlag[] {
  const { held, status, createdAt, expiresAt, createdBy, principal, workspace, lastUse } = row;
  const managed = held.some(({ as }) => as === 'live');
  const retiring = !managed && held.some(({ as }) => as === 'retiring');
  const inNone = !managed && !retiring;
  const found: Record<InventoryFlag, boolean> = {
    managed,
    retiring,
    unmanaged: inNone && allRead,
    'perhaps-unmanaged': inNone && !allRead,
    adoptable: inNone && held.length > 0,
    'creator-gone': createdBy?.here === 'gone' || principal?.here === 'gone',
    'no-owner': inNone && allRead && [createdBy, principal].every((party) => !party || party.here === 'gone'),
    'archived-workspace': workspace?.archivedAt !== undefined,
    expiring: expiresAt !== undefined && daysBetween(now, expiresAt) < EXPIRY_DAYS,
    legacy: workspace !== undefined && !principal,
    'never-used': isUnused(lastUse) && daysBetween(createdAt, now) >= NEW_DAYS,
    idle: !isUnused(lastUse) && isIdle(lastUse, plus(now, -idleDays * DAY)),
  };
  // What is off needs nobody. It is said of such a key where it was.
  return INVENTORY_FLAGS.flatMap(({ flag }) =>
    found[flag] && (status === 'active' || flag === 'managed' || flag === 'retiring') ? [flag] : [],
  );
}

const isUnused = (use: LastUse) => use.kind === 'none' && use.everSince;

const isIdle = (use: LastUse, since: Date) =>
  (use.kind === 'used' && use.to <= since) || (use.kind === 'none' && use.since <= since);

/** The worst first; of those alike the older. */
function byUrgency(a: InventoryRow, b: InventoryRow): number {
  return (
    orderOf(a.flags[0]) - orderOf(b.flags[0]) ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    (a.id < b.id ? -1 : 1)
  );
}

function stateOf({
  organization,
  records,
  members,
  workspaces,
  uses,
  feed,
}: OrganizationListing): OrganizationState {
  return {
    ...organization,
    keys: records.length,
    members: members.kind === 'read' ? 'read' : members,
    workspaces: workspaces.kind === 'read' ? 'read' : workspaces,
    uses: uses.kind === 'read' ? { from: uses.from, until: uses.until } : uses,
    feed: feed.kind === 'read' ? { since: feed.since } : feed,
  };
}

/** The part of an inventory that is about one workspace. */
export interface WorkspaceInventory extends Omit<Inventory, 'counts'> {
  /** Active keys of the same organizations that are not in it. */
  readonly elsewhere: number;
}

export function inWorkspace({ counts: _, ...inventory }: Inventory, workspaceId: string): WorkspaceInventory {
  const isHere = ({ workspace }: Pick<InventoryRow, 'workspace'>) => workspace?.id === workspaceId;
  const { changes, rows } = inventory;
  return {
    ...inventory,
    rows: rows.filter(isHere),
    changes: { ...changes, all: changes.all.filter(isHere) },
    elsewhere: rows.filter((row) => !isHere(row) && row.status === 'active').length,
  };
}
