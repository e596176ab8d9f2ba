/** Who acted at Anthropic, as its Activity Feed says. `anthropic` is Anthropic itself, a person there or an automated process. */
export type Actor =
  | { readonly kind: 'person'; readonly id?: string; readonly email?: string; readonly ip?: string }
  | { readonly kind: 'admin-key'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'api-key'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'service-account'; readonly id?: string; readonly ip?: string }
  | { readonly kind: 'anthropic' }
  /** A kind that this release does not know, by Anthropic's name for it. */
  | { readonly kind: 'other'; readonly type: string };

/** One change of a key at Anthropic. `other` leaves its status as it was, or expires it. */
export interface KeyActivity {
  readonly id: string;
  readonly at: Date;
  readonly recordId: string;
  readonly change: 'created' | 'enabled' | 'disabled' | 'archived' | 'other';
  readonly actor: Actor;
}

/** Why a part of the organization was not read: not offered to it, not permitted to our credential, or no readable answer. */
export interface Unread {
  readonly kind: 'unread';
  readonly why: 'not-offered' | 'not-permitted' | 'unavailable';
  /** One sentence for people, without any text of the server. */
  readonly words: string;
}

/** The changes of keys, or why they are not known. */
export type ActivityFeed =
  | {
      readonly kind: 'read';
      /**
       * Nothing since this moment was left out: it is the moment that was asked for, or later if there was too much to read. Anthropic records
       * from the day on which somebody enabled the feed and does not say which day that was. So a change that is missing may be older than that.
       */
      readonly since: Date;
      /** Newest first. */
      readonly activities: readonly KeyActivity[];
      /** Activities in a form that this release cannot read. Absent if there were none. */
      readonly skipped?: number;
    }
  | Unread;
