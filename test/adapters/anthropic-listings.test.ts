import { inspect } from 'node:util';
import { anOrganization } from './an-organization';

const start = new Date('2026-11-21T12:00:00Z');
const world = anOrganization(start);
const { byAdminKey, byFederation, asked } = world;

/** Each part of the organization with its path, asked for by somebody who may read it. */
const PARTS = [
  ['members', '/v1/organizations/users', () => byAdminKey().members()],
  ['workspaces', '/v1/organizations/workspaces', () => byAdminKey().workspaces()],
  ['Activity Feed', '/v1/compliance/activities', () => byAdminKey().activities(start)],
  ['service accounts', '/v1/organizations/service_accounts', () => byFederation().federation()],
  ['issuers', '/v1/organizations/federation_issuers', () => byFederation().federation()],
  ['rules', '/v1/organizations/federation_rules', () => byFederation().federation()],
] as const;

describe.each(PARTS)('of the %s', (name, path, read) => {
  test.each([
    ['not-permitted', 'permission', 1],
    ['not-permitted', 'invalid-key', 1],
    ['not-offered', 'not-found', 1],
    ['unavailable', 'bad-request', 1],
    ['unavailable', 'api-error', 3],
    ['unavailable', 'overloaded', 3],
    ['unavailable', 'bad gateway', 3],
    ['unavailable', 'proxy 401', 3],
    ['unavailable', 'firewall 403', 3],
    ['unavailable', 'captive page', 3],
    ['unavailable', 'truncated JSON', 3],
    ['unavailable', 'empty 200', 3],
    ['unavailable', '200 with an error body', 3],
    ['unavailable', 'connection reset', 3],
    ['unavailable', 'redirect', 3],
  ] as const)('nothing is known, as it is %s, if the answer is %s', async (why, answer, times) => {
    world.fake.script(answer, { path });
    const read_ = await read();
    expect(read_).toMatchObject({ kind: 'unread', why });
    expect('words' in read_ && read_.words).toMatch(/^(Anthropic|The) [\w ,:():.]+\.$/);
    expect(asked(path)).toBe(times);
  });

  test('one page is asked for again if there is too much to do', async () => {
    world.fake.script('rate-limit', { path, times: 2 });
    expect(await read()).toMatchObject({ kind: 'read' });
    expect(asked(path)).toBe(3);
  });

  test.each([
    ['says that there is more and not where', { data: [], has_more: true, last_id: null, next_page: null }],
    ['leads to itself', { data: [], has_more: true, last_id: 'x_1', next_page: 'page_1' }],
    ['is no object', []],
    ['is of another form', { items: [], has_more: false, next_page: null }],
    ['has no list', { data: {}, has_more: false, next_page: null }],
    ['does not say if there is more', { data: [] }],
  ])('a listing that %s is none', async (_, body) => {
    world.fake.script(
      { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      { path },
    );
    expect(await read()).toMatchObject({ kind: 'unread', why: 'unavailable' });
    expect(asked(path)).toBeLessThanOrEqual(4);
  });

  test('words hold no text of the server and no credential', async () => {
    world.fake.script(
      {
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: (credential) =>
          JSON.stringify({ error: { type: 'permission_error', message: `${credential} secret-words` } }),
      },
      { path },
    );
    const said = inspect(await read(), { depth: Number.POSITIVE_INFINITY });
    expect(said).toContain(name === 'members' ? 'members (status 403)' : 'status 403');
    expect(said).not.toMatch(/secret-words|sk-ant/);
  });
});

describe('a large organization', () => {
  test('has its keys and their activities read in pages of a thousand', async () => {
    for (let index = 0; index < 10_000; index += 1) world.fake.createKey();
    const api = byAdminKey();
    expect(await api.records()).toHaveLength(10_000);
    expect(asked('/v1/organizations/api_keys')).toBe(10);
    const feed = await api.activities(start);
    expect(feed.kind === 'read' && feed.activities).toHaveLength(10_000);
    expect(asked('/v1/compliance/activities')).toBe(10);
  });

  test('has a thousand service accounts, of which only those are asked for that a rule targets', async () => {
    const issuerId = world.fake.addIssuer({ name: 'aws', url: 'https://issuer.example.com' });
    for (let index = 0; index < 1_000; index += 1) world.fake.addServiceAccount({ name: `account-${index}` });
    const serviceAccountId = world.fake.addServiceAccount({ name: 'targeted' });
    world.fake.addRule({ name: 'one', issuerId, serviceAccountId, match: { subject_prefix: 'x' } });
    const read = await byFederation().federation();
    expect('serviceAccounts' in read && read.serviceAccounts).toHaveLength(1_001);
    expect(world.fake.requests.filter(({ path }) => path.endsWith('/workspaces'))).toHaveLength(1);
  });
});
