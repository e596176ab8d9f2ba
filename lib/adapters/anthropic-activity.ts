import { Page } from '@anthropic-ai/sdk/core/pagination';
import type { ActivityFeed, Actor, KeyActivity } from '../domain/console/activity';
import type { ApiKey } from '../domain/key';
import { AdminError } from '../workflows/errors';
import type { AdminApi } from '../workflows/ports';
import { type AdminCalls, type CallOptions, PAGE_SIZE, type Part, unreadOf } from './anthropic-calls';
import { date, id, ifReadable, ip, list, name, object, optional } from './anthropic-shape';

const CREATED = 'platform_api_key_created';
const UPDATED = 'platform_api_key_updated';

/** Pages of the feed that are read at most: 20,000 changes of keys. */
const MOST_PAGES = 20;

/** Reads the Activity Feed, for which the SDK has no method. Its own credential is the Admin API key in the header `x-api-key`. */
export function readActivities(
  calls: AdminCalls,
  adminKey: ApiKey | undefined,
): Pick<AdminApi, 'activities'> {
  const open = (since: Date) => (options: CallOptions) =>
    calls.client.getAPIList<unknown, Page<unknown>>('/v1/compliance/activities', Page, {
      ...options,
      query: {
        activity_types: [CREATED, UPDATED],
        'created_at.gte': since.toISOString(),
        limit: PAGE_SIZE,
      },
      ...(adminKey && { headers: { 'X-Api-Key': adminKey.reveal(), Authorization: null } }),
    });

  async function read(since: Date, recordIds: readonly string[] | undefined): Promise<ActivityFeed> {
    const wanted = recordIds && new Set(recordIds);
    const found = new Map<string, KeyActivity>();
    let [pages, skipped] = [0, 0];
    let readSince = since;
    for await (const items of calls.pages(open(since))) {
      const activities = items.flatMap((item) => ifReadable(item, toActivity) ?? []);
      for (const one of activities) if (!found.has(one.id)) found.set(one.id, one);
      skipped += items.length - activities.length;
      pages += 1;
      if (pages < MOST_PAGES) continue;
      readSince = activities.at(-1)?.at ?? endless();
      break;
    }
    const activities = [...found.values()]
      .filter(({ at, recordId }) => at >= readSince && (wanted?.has(recordId) ?? true))
      .sort((one, other) => other.at.getTime() - one.at.getTime());
    return { kind: 'read', since: readSince, activities, ...(skipped > 0 && { skipped }) };
  }

  return {
    activities: (since, recordIds) =>
      read(since, recordIds).catch((error) => unreadOf(error, feedPart(adminKey !== undefined))),
  };
}

const feedPart = (byAdminKey: boolean): Part => ({
  name: 'Activity Feed',
  takes: `an Admin API key${byAdminKey ? ' that was made after the feed was enabled' : ''}`,
  // Anthropic answers a credential of another kind as if there were no feed.
  missing: byAdminKey ? 'not-offered' : 'not-permitted',
});

function toActivity(item: unknown): KeyActivity {
  const activity = object(item);
  return {
    id: id(activity.id),
    at: date(activity.created_at),
    recordId: id(activity.api_key_id),
    change: changeOf(activity),
    actor: ifReadable(activity.actor, toActor) ?? { kind: 'other', type: 'unknown' },
  };
}

const CHANGES: Readonly<Record<string, KeyActivity['change']>> = {
  active: 'enabled',
  inactive: 'disabled',
  archived: 'archived',
};

/** @throws AdminError for another type than the two that were asked for */
function changeOf({ type, updates }: Readonly<Record<string, unknown>>): KeyActivity['change'] {
  if (type === CREATED) return 'created';
  if (type !== UPDATED) throw new AdminError('unavailable', 'The activity is no change of a key.');
  const statuses = list(updates, object).filter((update) => update.type === 'status');
  const status = statuses.at(-1)?.current_value;
  return (typeof status === 'string' && CHANGES[status]) || 'other';
}

function toActor(value: unknown): Actor {
  const actor = object(value);
  const who = (of: unknown) => ({ ...asFar('id', of, id), ...asFar('ip', actor.ip_address, ip) });
  switch (actor.type) {
    case 'user_actor':
      return { kind: 'person', ...who(actor.user_id), ...asFar('email', actor.email_address, name) };
    case 'admin_api_key_actor':
      return { kind: 'admin-key', ...who(actor.admin_api_key_id) };
    case 'api_actor':
      return { kind: 'api-key', ...who(actor.api_key_id) };
    case 'service_account_actor':
      return { kind: 'service-account', ...who(actor.service_account_id) };
    case 'anthropic_actor':
    case 'system_actor':
      return { kind: 'anthropic' };
    default:
      return { kind: 'other', type: ifReadable(actor.type, id) ?? 'unknown' };
  }
}

/** Less is told of an actor than is known, where some of it cannot be read. */
const asFar = <Key extends string>(key: Key, value: unknown, read: (value: unknown) => string) =>
  optional(key, ifReadable(value, read));

function endless(): never {
  throw new AdminError('unavailable', 'The Activity Feed holds nothing that can be read.');
}
