import type { LastUse } from '../console/last-use';
import type { ConsoleRecord } from '../console/record';
import type { Holder } from '../fleet/console-match';
import type { InventoryFlag } from './flags';

/** A person or a service account that created a key, or that it belongs to. */
export interface Party {
  readonly kind: 'user' | 'service-account';
  readonly id: string;
  /** Of a member. */
  readonly email?: string;
  /** Whether it is a member of the organization. Service accounts are none, and members may not be known. */
  readonly here: 'yes' | 'gone' | 'unknown';
}

/** One key of an organization, with all that is known of it. There is never a value of a key in it. */
export interface InventoryRow
  extends Pick<ConsoleRecord, 'id' | 'name' | 'hint' | 'status' | 'createdAt' | 'expiresAt'> {
  readonly organizationId: string;
  /** Absent for a key of the whole organization. */
  readonly workspace?: { readonly id: string; readonly name?: string; readonly archivedAt?: Date };
  /** Absent: not recorded. */
  readonly createdBy?: Party;
  /** To whom it belongs. Absent: to nobody. */
  readonly principal?: Party;
  readonly lastUse: LastUse;
  readonly held: readonly Holder[];
  /** The worst first. */
  readonly flags: readonly InventoryFlag[];
}
