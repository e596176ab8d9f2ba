/** Who acted at Anthropic, as its Activity Feed says. */
export type Actor =
  | { readonly kind: 'person'; readonly id?: string; readonly email?: string; readonly ip?: string }
  | { readonly kind: 'admin-key'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'api-key'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'service-account'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'anthropic' }
  | { readonly kind: 'other'; readonly type: string };

/** One change of a key at Anthropic. */
export interface KeyActivity {
  readonly id: string;
  readonly at: Date;
  readonly recordId: string;
  readonly change: 'created' | 'enabled' | 'disabled' | 'archived' | 'other';
  readonly actor: Actor;
}

/** Why a part of the organization was not read: not offered to it (404), not permitted to our credential (401, 403), or no readable answer. */
export interface Unread {
  readonly kind: 'unread';
  readonly why: 'not-offered' | 'not-permitted' | 'unavailable';
  readonly words: string;
}

export type ActivityFeed =
  | { readonly kind: 'read'; readonly since: Date; readonly activities: readonly KeyActivity[] }
  | Unread;
