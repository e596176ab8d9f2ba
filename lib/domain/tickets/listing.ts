import type { FindingKind } from '../findings/catalogue';
import type { Twins } from '../fleet/fleet';
import type { ClaimedSecret, UnreadableSecret } from '../listed-key';
import type { KeyIdentity } from '../policy';

/** What a ticket says of a key: the part of a listed row that it is written from. */
export interface TicketRow {
  readonly key: Omit<KeyIdentity, 'consumers'>;
  readonly findings: readonly FindingKind[];
  readonly hint?: string;
  readonly verdict?: {
    readonly kind: string;
    readonly since: Date;
    readonly unknownSince?: Date;
    readonly refusedSince?: Date;
  };
  readonly ageDays?: number;
  readonly maxAgeDays: number;
  readonly dueAt?: Date;
  readonly expiresAt?: Date;
  readonly unwatchedSince?: Date;
  readonly retiring: readonly { readonly until: Date; readonly hint?: string }[];
  readonly snooze?: { readonly until: Date };
}

/** An account and region whose keys were listed. */
export interface ListedPlace {
  readonly account: string;
  readonly region: string;
  /** Environments whose keys were listed. @default all that are there */
  readonly environments?: readonly string[];
  /** When it was listed. */
  readonly now: Date;
  readonly rows: readonly TicketRow[];
  readonly unreadable: readonly Omit<UnreadableSecret, 'owner'>[];
  readonly twins: readonly Twins[];
  readonly claimed: readonly Pick<ClaimedSecret, 'environment' | 'secretName'>[];
}

/** Environments whose place could not be listed: nothing is known of their keys. */
export interface UnreadPart {
  readonly environments: readonly string[];
  readonly words: string;
}

/** A listing of one place or of several. It is complete if none of them is unread. */
export interface TicketListing {
  readonly places: readonly ListedPlace[];
  readonly unread: readonly UnreadPart[];
}

export const isComplete = ({ unread }: TicketListing) => unread.length === 0;

export const placeName = ({ account, region }: Pick<ListedPlace, 'account' | 'region'>) =>
  `${account}/${region}`;
