import type { Unread } from './activity';

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly archivedAt?: Date;
}

/** A listing, or why there is none. */
export type Listing<T> = { readonly kind: 'read'; readonly all: readonly T[] } | Unread;
