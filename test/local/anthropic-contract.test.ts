import Anthropic from '@anthropic-ai/sdk';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

const start = new Date('2026-11-21T08:00:00Z');
let clock: VirtualClock;
let fake: FakeAnthropic;
let admin: Anthropic;
let federated: Anthropic;

beforeEach(async () => {
  clock = new VirtualClock(start);
  fake = await startFakeAnthropic({ clock });
  admin = sdk({ apiKey: fake.createAdminKey() });
  fake.allowFederation({ ruleId: 'fdrl_1', serviceAccountId: 'svac_1' });
  federated = sdk({ authToken: await exchange() });
});
afterEach(() => fake.stop());

const sdk = (credential: { apiKey: string } | { authToken: string }) =>
  new Anthropic({
    apiKey: null,
    authToken: null,
    ...credential,
    baseURL: fake.url,
    maxRetries: 0,
    defaultHeaders: 'authToken' in credential ? { 'anthropic-beta': 'oauth-2025-04-20' } : {},
  });

async function exchange(): Promise<string> {
  const answer = await fetch(`${fake.url}/v1/oauth/token`, {
    method: 'POST',
    body: JSON.stringify({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'identity',
      federation_rule_id: 'fdrl_1',
      organization_id: fake.organization.id,
      service_account_id: 'svac_1',
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function idsOf(listing: AsyncIterable<{ id: string }>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of listing) ids.push(id);
  return ids;
}

/** That the answers have the types of the SDK is held by the compiler: each listing of the fake is declared with them. */
describe('the SDK walks through the pages of', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];

  test('keys', async () => {
    const made = names.map((name) => fake.createKey({ name }).id);
    expect(await idsOf(admin.organization.apiKeys.list({ limit: 2 }))).toEqual(made);
  });

  test('members', async () => {
    const made = names.map((name) => fake.addMember({ name, email: `${name}@example.com` }));
    const listed = await idsOf(admin.organization.users.list({ limit: 2 }));
    expect(listed).toEqual(['user_01Console', 'user_01Owner', ...made]);
  });

  test('workspaces, with the default one and archived ones only if asked', async () => {
    const made = names.map((name) => fake.createWorkspace(name));
    fake.archiveWorkspace(made[0]!);
    const { workspaces } = admin.organization;
    expect(await idsOf(workspaces.list({ limit: 2 }))).toEqual(made.slice(1));
    const all = await idsOf(workspaces.list({ limit: 2, include_archived: true, include_default: true }));
    expect(all).toEqual([expect.any(String), ...made]);
  });

  test('service accounts, newest first, with archived ones only if asked', async () => {
    const made = names.map((name) => fake.addServiceAccount({ name })).reverse();
    fake.archiveIdentity(made[0]!);
    const { serviceAccounts } = federated.organization;
    expect(await idsOf(serviceAccounts.list({ limit: 2 }))).toEqual(made.slice(1));
    expect(await idsOf(serviceAccounts.list({ limit: 2, include_archived: true }))).toEqual(made);
  });

  test('the workspaces of a service account, of which the default one is implied', async () => {
    const workspaces = names.map((name) => fake.createWorkspace(name));
    const account = fake.addServiceAccount({ name: 'bot', workspaces });
    const found: [string, boolean | null][] = [];
    const listing = federated.organization.serviceAccounts.workspaces.list(account, { limit: 2 });
    for await (const { workspace_id, implicit } of listing) found.push([workspace_id, implicit]);
    expect(found).toEqual([[expect.any(String), true], ...workspaces.map((id) => [id, false])]);
    fake.archiveIdentity(account);
    const { data } = await federated.organization.serviceAccounts.workspaces.list(account);
    expect(data).toEqual([]);
  });

  test('issuers and rules', async () => {
    const issuers = names.map((name) => fake.addIssuer({ name, url: `https://${name}.example.com` }));
    const serviceAccountId = fake.addServiceAccount({ name: 'bot' });
    const rules = issuers.map((issuerId, index) =>
      fake.addRule({ name: `rule-${index}`, issuerId, serviceAccountId, match: { subject_prefix: 'x' } }),
    );
    const { federation } = federated.organization;
    expect(await idsOf(federation.issuers.list({ limit: 2 }))).toEqual([...issuers].reverse());
    expect(await idsOf(federation.rules.list({ limit: 2 }))).toEqual([...rules].reverse());
    expect(await idsOf(federation.rules.list({ issuer_id: issuers[0]! }))).toEqual([rules[0]]);
  });
});

test('federation is listed to no Admin key, and not to an ordinary one either', async () => {
  await expect(admin.organization.serviceAccounts.list()).rejects.toMatchObject({ status: 403 });
  await expect(admin.organization.federation.issuers.list()).rejects.toMatchObject({ status: 403 });
  await expect(admin.organization.federation.rules.list()).rejects.toMatchObject({ status: 403 });
  const ordinary = sdk({ apiKey: fake.createKey().value });
  await expect(ordinary.organization.federation.rules.list()).rejects.toMatchObject({ status: 403 });
  await expect(ordinary.organization.users.list()).rejects.toMatchObject({ status: 403 });
});

test.each([0, 1.5, 1001])('no listing gives %p items a page', async (limit) => {
  await expect(admin.organization.apiKeys.list({ limit })).rejects.toMatchObject({ status: 400 });
});

describe('a key stops working', () => {
  const question = {
    model: 'claude-haiku-5-5',
    max_tokens: 1,
    messages: [{ role: 'user' as const, content: 'Hi' }],
  };
  const ask = (apiKey: string) => sdk({ apiKey }).messages.create(question);

  test('with its workspace, and its record says nothing of that', async () => {
    const workspace = fake.createWorkspace();
    const { id, value } = fake.createKey({ workspace });
    await ask(value);
    fake.archiveWorkspace(workspace);
    await expect(ask(value)).rejects.toMatchObject({ status: 401 });
    expect(await admin.organization.apiKeys.retrieve(id)).toMatchObject({ status: 'active' });
  });

  test('with its person, not with who made it', async () => {
    const kim = fake.addMember({ name: 'Kim', email: 'kim@example.com' });
    const [own, made] = [fake.createKey({ principal: kim }), fake.createKey({ createdBy: kim })];
    await ask(own.value);
    fake.removeMember(kim);
    await expect(ask(own.value)).rejects.toMatchObject({ status: 401 });
    await ask(made.value);
    expect(await admin.organization.apiKeys.retrieve(made.id)).toMatchObject({ created_by: { id: kim } });
  });

  test('when Anthropic disables it', async () => {
    const { value } = fake.createKey();
    fake.disabledByAnthropic(value);
    await expect(ask(value)).rejects.toMatchObject({ status: 401 });
  });
});

/** What Anthropic's documentation shows, for what the SDK has no types for. */
describe('as documented are', () => {
  /** The same with the kind of each value in its place: a list has the shape of its first item. */
  function shapeOf(value: unknown): unknown {
    if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
    if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
  }

  const get = (path: string, query: Record<string, unknown> = {}) => admin.get<object>(path, { query });
  const feed = '/v1/compliance/activities';
  const page = { has_more: true, first_id: 'activity_1', last_id: 'activity_1' };
  const documented = {
    id: 'activity_01XyDMpzjS89pFZXqSFUBDr6',
    created_at: '2026-04-10T08:09:10Z',
    organization_id: 'org_01Wv6QeBcDfGhJkLmNpQrSt8',
    organization_uuid: 'abcdef01-2345-6789-abcd-ef0123456789',
    actor: {
      type: 'user_actor',
      email_address: 'user@example.com',
      user_id: 'user_01TuVwXyZaBcDeFgH2JkLmN4',
      ip_address: '192.0.2.34',
      user_agent: 'Mozilla/5.0...',
    },
    type: 'platform_api_key_created',
    api_key_id: 'apikey_01',
  };
  const updates = [{ type: 'status', previous_value: 'active', current_value: 'inactive' }];

  test('activities', async () => {
    const { id } = fake.createKey();
    expect(shapeOf(await get(feed))).toEqual(shapeOf({ data: [documented], ...page, has_more: false }));
    clock.advance(1_000);
    fake.disabledByAnthropic(id);
    const actor = { type: 'anthropic_actor', email_address: null };
    expect(shapeOf(await get(feed, { limit: 1 }))).toEqual(
      shapeOf({ data: [{ ...documented, actor, updates }], ...page }),
    );
    await federated.organization.apiKeys.update(id, { status: 'active' });
    expect(await get(feed, { limit: 1 })).toMatchObject({
      data: [{ actor: { type: 'service_account_actor', service_account_id: 'svac_1' } }],
    });
  });

  test('the filters of activities, and their refusals', async () => {
    const { id } = fake.createKey();
    clock.advance(60_000);
    fake.archive(id);
    const typesOf = async (query: Record<string, unknown>) => {
      const { data } = (await get(feed, query)) as { data: readonly { type: string }[] };
      return data.map(({ type }) => type.replace('platform_api_key_', ''));
    };
    const [first, second] = [start.toISOString(), clock.now().toISOString()];
    expect(await typesOf({})).toEqual(['updated', 'created']);
    expect(await typesOf({ activity_types: ['platform_api_key_created'] })).toEqual(['created']);
    expect(await typesOf({ 'created_at.gte': first, 'created_at.lt': second })).toEqual(['created']);
    expect(await typesOf({ 'created_at.gt': first, 'created_at.lte': second })).toEqual(['updated']);
    for (const query of [
      { created_after: first },
      { 'created_at.gte': 'yesterday' },
      { activity_types: ['platform_api_key_renamed'] },
      { limit: 5001 },
      { after_id: 'activity_none' },
    ])
      await expect(get(feed, query)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
  });

  test('an activity is there within a minute', async () => {
    fake.setActivityFeed({ lag: 30_000 });
    fake.createKey();
    expect(await get(feed)).toMatchObject({ data: [] });
    clock.advance(30_000);
    expect(await get(feed)).toMatchObject({ data: [{ type: 'platform_api_key_created' }] });
  });

  test('a credential without the scope is refused, and no credential of another kind is even known', async () => {
    fake.setActivityFeed({ permitted: false });
    await expect(get(feed)).rejects.toMatchObject({ status: 403, type: 'permission_error' });
    await expect(federated.get(feed)).rejects.toMatchObject({ status: 404 });
  });

  const report = '/v1/organizations/usage_report/messages';

  test('the usage of messages, in buckets', async () => {
    const { id } = fake.createKey();
    fake.recordUsage(id, { at: new Date('2026-11-21T05:30:00Z'), requests: 3 });
    const query = {
      starting_at: '2026-11-21T05:00:00Z',
      ending_at: '2026-11-21T07:00:00Z',
      bucket_width: '1h',
      api_key_ids: [id],
      group_by: ['api_key_id', 'model'],
    };
    const answer = await get(report, query);
    expect(shapeOf(answer)).toEqual(
      shapeOf({
        data: [
          {
            starting_at: '2025-08-01T00:00:00Z',
            ending_at: '2025-08-02T00:00:00Z',
            results: [
              {
                uncached_input_tokens: 1500,
                cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
                cache_read_input_tokens: 200,
                output_tokens: 500,
                server_tool_use: { web_search_requests: 10 },
                api_key_id: 'apikey_01Rj2N8SVvo6BePZj99NhmiT',
                workspace_id: null,
                model: 'claude-opus-4-6',
                service_tier: null,
                context_window: null,
              },
            ],
          },
        ],
        has_more: false,
        next_page: null,
      }),
    );
    expect(answer).toMatchObject({
      data: [
        { starting_at: '2026-11-21T05:00:00.000Z', results: [{ api_key_id: id, output_tokens: 30 }] },
        { starting_at: '2026-11-21T06:00:00.000Z', results: [] },
      ],
    });
  });

  test.each([
    ['1m', 1440],
    ['1h', 168],
    ['1d', 31],
  ])('pages of at most so many buckets of %s: %i', async (bucket_width, most) => {
    const query = { starting_at: '2026-09-01T00:00:00Z', bucket_width };
    await expect(get(report, { ...query, limit: most + 1 })).rejects.toMatchObject({ status: 400 });
    const first = (await get(report, { ...query, limit: most })) as Report;
    expect(first).toMatchObject({ has_more: true, data: { length: most } });
    const second = (await get(report, { ...query, limit: most, page: first.next_page })) as Report;
    expect(second.data[0]!.starting_at).toBe(first.data.at(-1)!.ending_at);
  });

  interface Report {
    readonly data: readonly { readonly starting_at: string; readonly ending_at: string }[];
    readonly next_page: string | null;
  }

  test('the usage of messages comes late, and has no row for what was not used', async () => {
    const { id } = fake.createKey();
    fake.recordUsage(id, { at: start, requests: 3 });
    const query = { starting_at: '2026-11-21T08:00:00Z', bucket_width: '1h' };
    clock.advance(60_000);
    expect(await get(report, query)).toMatchObject({ data: [{ results: [] }] });
    clock.advance(5 * 60_000);
    expect(await get(report, query)).toMatchObject({ data: [{ results: [{ api_key_id: null }] }] });
  });
});
