import { anOrganization } from './an-organization';

const start = new Date('2026-11-21T12:00:00Z');
const world = anOrganization(start);
const { byAdminKey, byFederation, asked, answerWith } = world;

describe('the Activity Feed', () => {
  const since = new Date('2026-11-20T00:00:00Z');

  test('says who created, switched off and switched on a key, newest first', async () => {
    const api = byAdminKey();
    const { id } = world.fake.createKey();
    world.clock.advance(60_000);
    await api.setStatus(id, 'inactive');
    world.clock.advance(60_000);
    world.fake.enable(id, 'user_01Owner');
    world.clock.advance(60_000);
    world.fake.disabledByAnthropic(id);
    const feed = await api.activities(since);
    expect(feed).toMatchObject({ kind: 'read', since });
    expect(feed.kind === 'read' && feed.activities).toEqual([
      {
        id: expect.stringMatching(/^activity_/),
        at: world.clock.now(),
        recordId: id,
        change: 'disabled',
        actor: { kind: 'anthropic' },
      },
      expect.objectContaining({
        change: 'enabled',
        actor: { kind: 'person', id: 'user_01Owner', email: 'sam@example.com', ip: '203.0.113.20' },
      }),
      expect.objectContaining({
        change: 'disabled',
        actor: { kind: 'admin-key', id: expect.any(String), ip: '198.51.100.7' },
      }),
      expect.objectContaining({
        change: 'created',
        at: start,
        actor: { kind: 'person', id: 'user_01Console', email: 'alex@example.com', ip: '203.0.113.20' },
      }),
    ]);
  });

  test('is told of some records only, and of some time only', async () => {
    const [one, other] = [world.fake.createKey(), world.fake.createKey()];
    world.clock.advance(60_000);
    world.fake.archive(other.id);
    expect(await byAdminKey().activities(since, [one.id])).toMatchObject({
      activities: [{ recordId: one.id, change: 'created' }],
    });
    expect(await byAdminKey().activities(world.clock.now())).toMatchObject({
      activities: [{ recordId: other.id, change: 'archived' }],
    });
  });

  test('is not retroactive, and takes an Admin key that is younger than it', async () => {
    const early = byAdminKey();
    world.fake.createKey();
    world.clock.advance(60_000);
    world.fake.setActivityFeed({ since: world.clock.now() });
    expect(await early.activities(since)).toEqual({
      kind: 'unread',
      why: 'not-permitted',
      words:
        'Anthropic does not let this credential read the Activity Feed (status 403): that takes an Admin API key that was made after the feed was enabled.',
    });
    expect(await byAdminKey().activities(since)).toEqual({ kind: 'read', since, activities: [] });
  });

  test('that an organization has not enabled is not offered to it', async () => {
    world.fake.setActivityFeed({ offered: false });
    expect(await byAdminKey().activities(since)).toEqual({
      kind: 'unread',
      why: 'not-offered',
      words: 'Anthropic offers this organization no Activity Feed (status 400).',
    });
  });

  test('is shown to no federated credential', async () => {
    expect(await byFederation().activities(since)).toMatchObject({
      why: 'not-permitted',
      words:
        'Anthropic does not let this credential read the Activity Feed (status 404): that takes an Admin API key.',
    });
  });

  test('leaves out and counts what it cannot read; an actor is told as far as it can be', async () => {
    const activity = {
      id: 'activity_1',
      created_at: '2026-11-21T12:00:00Z',
      type: 'platform_api_key_updated',
      api_key_id: 'apikey_1',
      actor: { type: 'user_actor', user_id: 'user_1', email_address: null, ip_address: '<b>' },
      updates: [
        { type: 'name', previous_value: 'a', current_value: 'b' },
        { type: 'status', previous_value: 'active', current_value: 'inactive' },
      ],
    };
    const actors = [
      { type: 'scim_directory_sync_actor', directory_id: 'd' },
      { type: 'system_actor', service: null },
      { type: '<script>' },
      undefined,
    ];
    answerWith('/v1/compliance/activities', [
      activity,
      activity,
      ...actors.map((actor, index) => ({ ...activity, id: `activity_${index + 2}`, actor })),
      { ...activity, id: 'activity_6', updates: [{ type: 'status', current_value: 'expired' }] },
      { ...activity, id: 'activity_7', type: 'platform_workspace_created' },
      { ...activity, id: 'activity_8', created_at: 'now' },
      { ...activity, id: 'activity_9', api_key_id: null },
      { ...activity, id: 'activity_10', updates: null },
      { ...activity, id: 'activity_11', created_at: '2026-11-19T00:00:00Z' },
      null,
    ]);
    const feed = await byAdminKey().activities(start);
    expect(feed).toMatchObject({ kind: 'read', skipped: 5 });
    expect(feed.kind === 'read' && feed.activities.map(({ change, actor }) => [change, actor])).toEqual([
      ['disabled', { kind: 'person', id: 'user_1' }],
      ['disabled', { kind: 'other', type: 'scim_directory_sync_actor' }],
      ['disabled', { kind: 'anthropic' }],
      ['disabled', { kind: 'other', type: 'unknown' }],
      ['disabled', { kind: 'other', type: 'unknown' }],
      ['other', { kind: 'person', id: 'user_1' }],
    ]);
  });

  test('tells what happened last, and from when on, if more happened than is read', async () => {
    const { id } = world.fake.createKey();
    for (let index = 0; index < 25_000; index += 1) {
      world.clock.advance(1_000);
      (index % 2 ? world.fake.enable : world.fake.disable)(id);
    }
    const feed = await byAdminKey().activities(start);
    expect(feed.kind === 'read' && feed.activities).toHaveLength(20_000);
    expect(feed).toMatchObject({ since: new Date(start.getTime() + 5_001 * 1_000) });
    expect(asked('/v1/compliance/activities')).toBe(20);
  });
});

test('the feed is asked by the header that Anthropic documents for it', async () => {
  await byAdminKey().activities(start);
  expect(world.fake.requests).toMatchObject([{ path: '/v1/compliance/activities', credential: 'x-api-key' }]);
});
