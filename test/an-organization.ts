import type { ConsoleRecord } from '../lib/domain/console/record';
import type { OrganizationListing } from '../lib/domain/inventory/listing';
import { daysAgo, HOME, NOW } from './builders';

/** A key that needs nothing but a secret: ten days old, of a service account, made by a member. */
export const aRecord = (overrides: Partial<ConsoleRecord> = {}): ConsoleRecord => ({
  id: 'apikey_1',
  name: 'key',
  status: 'active',
  createdAt: daysAgo(10),
  personal: false,
  workspaceId: HOME.workspaceId,
  createdBy: { kind: 'user', id: 'user_kim' },
  principal: { kind: 'service-account', id: 'svac_1' },
  ...overrides,
});

/** An organization that was read to the last page, in which every key of the records was used today. */
export const anOrganization = (
  records: readonly ConsoleRecord[],
  overrides: Partial<OrganizationListing> = {},
): OrganizationListing => ({
  organization: { id: HOME.organizationId, name: 'Example Ltd' },
  records,
  members: { kind: 'read', all: [{ id: 'user_kim', email: 'kim@example.com', name: 'Kim' }] },
  workspaces: { kind: 'read', all: [{ id: HOME.workspaceId, name: 'prod' }] },
  feed: { kind: 'read', since: daysAgo(8), activities: [] },
  uses: {
    kind: 'read',
    from: daysAgo(90),
    until: NOW,
    stretches: [{ from: daysAgo(1), to: NOW, used: records.map(({ id }) => id) }],
  },
  ...overrides,
});
