import type { Member } from '../../lib/domain/console/organization';
import { anOrganization } from './an-organization';

const start = new Date('2026-11-21T12:00:00Z');
const world = anOrganization(start);
const { byAdminKey, byFederation, answerWith } = world;

describe('members', () => {
  test('are all who belong to the organization now', async () => {
    const kim = world.fake.addMember({ name: 'Kim Lee', email: 'kim@example.com' });
    expect(await byAdminKey().members()).toEqual({
      kind: 'read',
      all: [
        { id: 'user_01Console', name: 'Alex Rivera', email: 'alex@example.com' },
        { id: 'user_01Owner', name: 'Sam Okafor', email: 'sam@example.com' },
        { id: kim, name: 'Kim Lee', email: 'kim@example.com' },
      ],
    });
    world.fake.removeMember(kim);
    expect(await byAdminKey().members()).toMatchObject({
      all: [{ name: 'Alex Rivera' }, { name: 'Sam Okafor' }],
    });
  });

  test('keep no more of a name than people can read, and no key that stands in one', async () => {
    const key = world.fake.createKey().value;
    const [long, leaky] = [
      world.fake.addMember({ name: 'n'.repeat(10_000), email: 'long@example.com' }),
      world.fake.addMember({ name: `my key is ${key}`, email: 'leaky@example.com' }),
    ];
    const { all } = (await byAdminKey().members()) as { all: readonly Member[] };
    const nameOf = (id: string) => all.find((member) => member.id === id)!.name;
    expect(nameOf(long)).toBe(`${'n'.repeat(253)}…`);
    expect(nameOf(leaky)).toBe('my key is sk-ant-[redacted]');
  });
});

describe('workspaces', () => {
  test('include the default one and archived ones', async () => {
    const [open, closed] = [world.fake.createWorkspace('Team A'), world.fake.createWorkspace('Team B')];
    world.fake.archiveWorkspace(closed);
    expect(await byAdminKey().workspaces()).toEqual({
      kind: 'read',
      all: [
        { id: expect.stringMatching(/^wrkspc_/), name: 'Default' },
        { id: open, name: 'Team A' },
        { id: closed, name: 'Team B', archivedAt: start },
      ],
    });
  });
});

describe('federation', () => {
  const match = {
    subject_prefix: 'arn:aws:iam::111122223333:role/Api',
    audience: 'https://api.anthropic.com',
  };

  test('is read with a federated credential, archived parts included', async () => {
    const workspace = world.fake.createWorkspace('Team A');
    const account = world.fake.addServiceAccount({ name: 'api-gateway', workspaces: [workspace] });
    const idle = world.fake.addServiceAccount({ name: 'idle', role: 'admin' });
    const issuerId = world.fake.addIssuer({ name: 'aws', url: 'https://issuer.example.com' });
    const rule = { name: 'prod', issuerId, serviceAccountId: account, match, workspaces: [workspace] };
    const live = world.fake.addRule(rule);
    const gone = world.fake.addRule({ ...rule, name: 'old', serviceAccountId: idle, workspaces: 'all' });
    world.fake.archiveIdentity(gone);
    const read = await byFederation().federation();
    expect(read).toEqual({
      kind: 'read',
      serviceAccounts: [
        { id: idle, name: 'idle', role: 'admin' },
        {
          id: account,
          name: 'api-gateway',
          role: 'developer',
          workspaceIds: [expect.stringMatching(/^wrkspc_/), workspace],
        },
      ],
      issuers: [{ id: issuerId, name: 'aws', url: 'https://issuer.example.com' }],
      rules: [
        expect.objectContaining({ id: gone, workspaces: 'all', archivedAt: start }),
        {
          id: live,
          name: 'prod',
          issuerId,
          serviceAccountId: account,
          workspaces: [workspace],
          scope: 'workspace:inference',
          subject: match.subject_prefix,
          audience: match.audience,
          claims: {},
        },
      ],
    });
  });

  test('takes a rule that grants org:admin', async () => {
    expect(await byFederation('workspace:inference').federation()).toMatchObject({
      why: 'not-permitted',
      words: expect.stringContaining('that takes a federation rule whose scope is org:admin'),
    });
  });

  test('says so if the identity token is not exchanged', async () => {
    const api = byFederation();
    world.fake.script(
      { status: 401, headers: { 'content-type': 'application/json' }, body: '{"error":"invalid_grant"}' },
      { path: '/v1/oauth/token' },
    );
    expect(await api.federation()).toEqual({
      kind: 'unread',
      why: 'not-permitted',
      words:
        'Anthropic did not exchange the identity token (status 401): check the federation rule in the Console.',
    });
  });

  test.each([
    ['permission', 403],
    ['invalid-key', 401],
    ['not-found', 404],
  ] as const)('is shown to no Admin key, and the words say what it takes: %s', async (answer, status) => {
    const api = byAdminKey();
    if (status !== 403) world.fake.script(answer);
    expect(await api.federation()).toEqual({
      kind: 'unread',
      why: 'not-permitted',
      words: `Anthropic does not let this credential read the service accounts and federation rules (status ${status}): that takes Workload Identity Federation, as Anthropic shows them to no Admin API key.`,
    });
  });
});

describe('an item of another shape', () => {
  const user = { id: 'user_1', email: 'a@example.com', name: 'A' };
  const account = { id: 'svac_1', name: 'a', organization_role: 'developer', archived_at: null };
  const issuer = { id: 'fdis_1', name: 'a', issuer_url: 'https://issuer.example.com', archived_at: null };
  const rule = {
    id: 'fdrl_1',
    name: 'a',
    issuer_id: 'fdis_1',
    oauth_scope: 'workspace:inference',
    match: { claims: { repository: 'a/b' }, condition: 'claims.x == 1' },
    target: { type: 'service_account', service_account_id: 'svac_1' },
    applies_to_all_workspaces: false,
    workspace_ids: [],
    workspace_id: 'wrkspc_1',
    archived_at: null,
  };

  test.each([
    ['users', null, 'members'],
    ['users', 'user_1', 'members'],
    ['users', { ...user, id: undefined }, 'members'],
    ['users', { ...user, id: 'user 1\n' }, 'members'],
    ['users', { ...user, email: null }, 'members'],
    ['users', { ...user, name: 7 }, 'members'],
    ['workspaces', { id: 'wrkspc_1', name: 'a', archived_at: 'yesterday' }, 'workspaces'],
    ['service_accounts', { ...account, organization_role: 'emperor' }, 'federation'],
    ['federation_issuers', { ...issuer, issuer_url: null }, 'federation'],
    ['federation_rules', { ...rule, match: undefined }, 'federation'],
    ['federation_rules', { ...rule, match: { claims: { a: 1 } } }, 'federation'],
    ['federation_rules', { ...rule, target: null }, 'federation'],
    ['federation_rules', { ...rule, workspace_ids: 'all' }, 'federation'],
  ] as const)('of %s makes it no listing: %j', async (path, item, part) => {
    answerWith(`/v1/organizations/${path}`, [item]);
    expect(await (part === 'federation' ? byFederation() : byAdminKey())[part]()).toMatchObject({
      kind: 'unread',
      why: 'unavailable',
    });
  });

  test('a rule may name one workspace as older ones do, or a target of a kind to come', async () => {
    answerWith('/v1/organizations/federation_rules', [
      rule,
      { ...rule, id: 'fdrl_2', target: { type: 'robot' } },
    ]);
    expect(await byFederation().federation()).toMatchObject({
      rules: [
        {
          id: 'fdrl_1',
          serviceAccountId: 'svac_1',
          workspaces: ['wrkspc_1'],
          claims: { repository: 'a/b' },
          condition: 'claims.x == 1',
        },
        expect.not.objectContaining({ serviceAccountId: expect.anything() }),
      ],
    });
  });
});
