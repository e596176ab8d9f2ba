import type { ActivityFeed } from '../console/activity';
import type { LastUses } from '../console/last-use';
import type { Listing, Member, Workspace } from '../console/organization';
import type { ConsoleRecord } from '../console/record';

/** Every key of an organization with all that its listings say about them. No value of a key is needed for it, or in it. */
export interface OrganizationListing {
  readonly organization: { readonly id: string; readonly name: string };
  readonly records: readonly ConsoleRecord[];
  readonly members: Listing<Member>;
  readonly workspaces: Listing<Workspace>;
  readonly feed: ActivityFeed;
  readonly uses: LastUses;
}
