import type { ActivityActor } from './activity';
import type { Administrator, FakeOrganization } from './fake-organization';
import type { FakeKey, KeyStatus } from './keys';

/** Where people and machines of this world are seen from. */
const FROM = { ip_address: '203.0.113.20', user_agent: 'Mozilla/5.0' };

/** A person or service account as an actor. */
export const actorOf = (fake: FakeOrganization, id: string): ActivityActor =>
  id.startsWith('svac_')
    ? { type: 'service_account_actor', service_account_id: id, ...FROM }
    : { type: 'user_actor', user_id: id, email_address: fake.directory.emailOf(id), ...FROM };

export const actorOfAdministrator = (by: Administrator): ActivityActor =>
  by.kind === 'admin-key'
    ? { type: 'admin_api_key_actor', admin_api_key_id: by.id, ...FROM, ip_address: '198.51.100.7' }
    : { type: 'service_account_actor', service_account_id: by.id, ...FROM, ip_address: '198.51.100.7' };

const base = (fake: FakeOrganization, key: FakeKey) => ({
  id: `activity_${fake.nextId(`${key.id}/activity`)}`,
  organization_id: fake.organization.id,
  organization_uuid: fake.organization.id,
  api_key_id: key.id,
});

/** A key whose maker is not recorded has no activity either: it is older than the feed. */
export function recordCreation(fake: FakeOrganization, key: FakeKey): void {
  if (key.createdBy === null) return;
  const actor = actorOf(fake, key.createdBy);
  fake.activity.record({ ...base(fake, key), type: 'platform_api_key_created', actor });
}

/** Changes the status of a key, and writes down who did it. */
export function changeStatus(
  fake: FakeOrganization,
  key: FakeKey,
  status: Exclude<KeyStatus, 'expired'>,
  actor: ActivityActor,
): void {
  const before = fake.keys.status(key);
  fake.keys.setStatus(key, status);
  if (before === status) return;
  const updates = [{ type: 'status' as const, previous_value: before, current_value: status }];
  fake.activity.record({ ...base(fake, key), type: 'platform_api_key_updated', actor, updates });
}
