import { DAY, later, MINUTE, plus } from '../time';
import type { ActivityFeed, Actor, KeyActivity, Unread } from './activity';

/** One change of a key at Anthropic, and who made it. */
export interface AttributedChange {
  /** Id of the entry in Anthropic's Activity Feed. */
  readonly activity: string;
  readonly change: Exclude<KeyActivity['change'], 'other'>;
  readonly at: Date;
  readonly actor: Actor;
}

/** Who switched a key off or on last, or why nobody is known. */
export type WhoSwitched =
  | ({ readonly kind: 'known' } & AttributedChange)
  /** Nobody did: its time was over. */
  | { readonly kind: 'expired'; readonly at?: Date }
  | { readonly kind: 'not-recorded'; readonly since: Date }
  | { readonly kind: 'unread'; readonly why: Unread['why'] };

/**
 * Anthropic's own word counts most: a key that it disabled is exposed somewhere, whoever switched it on or off since. Otherwise the latest change
 * counts.
 */
export function whoSwitched(
  feed: ActivityFeed,
  record: { readonly id: string; readonly status: string; readonly expiresAt?: Date },
): WhoSwitched {
  const switches = changesOf(feed, record.id).filter(({ change }) => change !== 'created');
  const anthropics = switches.find(
    ({ actor, change }) => actor.kind === 'anthropic' && change !== 'archived',
  );
  const found = anthropics?.change === 'disabled' ? anthropics : switches[0];
  if (found && isAnthropics({ kind: 'known', ...found })) return { kind: 'known', ...found };
  if (record.status === 'expired')
    return { kind: 'expired', ...(record.expiresAt && { at: record.expiresAt }) };
  if (feed.kind === 'unread') return { kind: 'unread', why: feed.why };
  if (found) return { kind: 'known', ...found };
  return feed.skipped ? { kind: 'unread', why: 'unavailable' } : { kind: 'not-recorded', since: feed.since };
}

/** Who created a key; undefined where the feed does not say. */
export const whoCreated = (feed: ActivityFeed, recordId: string): AttributedChange | undefined =>
  changesOf(feed, recordId).find(({ change }) => change === 'created');

/** Anthropic disabled the key, as it does where one was found in public: a leak, whatever else is known. It archives keys for other reasons. */
export const isAnthropics = (who: WhoSwitched | undefined): boolean =>
  who?.kind === 'known' && who.actor.kind === 'anthropic' && who.change === 'disabled';

/** It explains why a key is off. That somebody enabled it does not. */
export const saysWhy = (who: WhoSwitched | undefined): boolean =>
  who?.kind === 'expired' || (who?.kind === 'known' && who.change !== 'enabled');

/** How long before a key was refused the feed is asked about it. */
const SPAN = 30 * DAY;

/** From when on the feed is asked about a key that is refused since a moment: not before its creation, by clocks that differ. */
export const askedSince = (createdAt: Date, refusedSince: Date): Date =>
  later(plus(refusedSince, -SPAN), plus(createdAt, -MINUTE));

/** The changes of one record, newest first. */
function changesOf(feed: ActivityFeed, recordId: string): readonly AttributedChange[] {
  if (feed.kind === 'unread') return [];
  return feed.activities
    .filter((activity) => activity.recordId === recordId)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .flatMap(({ id, change, at, actor }) =>
      change === 'other' ? [] : [{ activity: id, change, at, actor }],
    );
}
