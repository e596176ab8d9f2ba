import { type AdminApiOptions, createAdminApi } from '../../lib/adapters/anthropic-admin';
import { readAdminKey } from '../../lib/domain/key';
import type { AdminApi } from '../../lib/workflows/ports';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

const start = new Date('2026-11-21T12:00:00Z');
let clock: VirtualClock;
let fake: FakeAnthropic;

beforeEach(async () => {
  clock = new VirtualClock(start);
  fake = await startFakeAnthropic({ clock });
});
afterEach(() => fake.stop());

const open = (credential: AdminApiOptions['credential']) =>
  createAdminApi({ baseURL: fake.url, clock, credential });

const byAdminKey = () => open({ adminKey: readAdminKey(fake.createAdminKey())! });

/** As the function with Admin access, by a rule with that scope. */
function byFederation(scope?: string): AdminApi {
  fake.allowFederation({ ruleId: 'fdrl_1', serviceAccountId: 'svac_1', scope });
  return open({
    ruleId: 'fdrl_1',
    organizationId: fake.organization.id,
    serviceAccountId: 'svac_1',
    identityToken: async () => 'identity',
  });
}

describe('members', () => {
  test('are all who belong to the organization now', async () => {
    const kim = fake.addMember({ name: 'Kim Lee', email: 'kim@example.com' });
    expect(await byAdminKey().members()).toEqual({
      kind: 'read',
      all: [
        { id: 'user_01Console', name: 'Alex Rivera', email: 'alex@example.com' },
        { id: 'user_01Owner', name: 'Sam Okafor', email: 'sam@example.com' },
        { id: kim, name: 'Kim Lee', email: 'kim@example.com' },
      ],
    });
    fake.removeMember(kim);
    expect(await byAdminKey().members()).toMatchObject({
      all: [{ name: 'Alex Rivera' }, { name: 'Sam Okafor' }],
    });
  });
});

describe('workspaces', () => {
  test('include the default one and archived ones', async () => {
    const [open, closed] = [fake.createWorkspace('Team A'), fake.createWorkspace('Team B')];
    fake.archiveWorkspace(closed);
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
    const workspace = fake.createWorkspace('Team A');
    const account = fake.addServiceAccount({ name: 'api-gateway', workspaces: [workspace] });
    const idle = fake.addServiceAccount({ name: 'idle', role: 'admin' });
    const issuerId = fake.addIssuer({ name: 'aws', url: 'https://issuer.example.com' });
    const rule = { name: 'prod', issuerId, serviceAccountId: account, match, workspaces: [workspace] };
    const live = fake.addRule(rule);
    const gone = fake.addRule({ ...rule, name: 'old', serviceAccountId: idle, workspaces: 'all' });
    fake.archiveIdentity(gone);
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

  test('is shown to no Admin key, and the words say what it takes', async () => {
    expect(await byAdminKey().federation()).toEqual({
      kind: 'unread',
      why: 'not-permitted',
      words:
        'Anthropic does not let this credential read the service accounts and federation rules (status 403): that takes Workload Identity Federation, as Anthropic shows them to no Admin API key.',
    });
  });
});

describe('the Activity Feed', () => {
  const since = new Date('2026-11-20T00:00:00Z');

  test('says who created, switched off and switched on a key, newest first', async () => {
    const api = byAdminKey();
    const { id } = fake.createKey();
    clock.advance(60_000);
    await api.setStatus(id, 'inactive');
    clock.advance(60_000);
    fake.enable(id, 'user_01Owner');
    clock.advance(60_000);
    fake.disabledByAnthropic(id);
    const feed = await api.activities(since);
    expect(feed).toMatchObject({ kind: 'read', since });
    expect(feed.kind === 'read' && feed.activities).toEqual([
      {
        id: expect.stringMatching(/^activity_/),
        at: clock.now(),
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
    const [one, other] = [fake.createKey(), fake.createKey()];
    clock.advance(60_000);
    fake.archive(other.id);
    expect(await byAdminKey().activities(since, [one.id])).toMatchObject({
      activities: [{ recordId: one.id, change: 'created' }],
    });
    expect(await byAdminKey().activities(clock.now())).toMatchObject({
      activities: [{ recordId: other.id, change: 'archived' }],
    });
  });

  test('is not retroactive, and takes an Admin key that is younger than it', async () => {
    const early = byAdminKey();
    fake.createKey();
    clock.advance(60_000);
    fake.setActivityFeed({ since: clock.now() });
    expect(await early.activities(since)).toEqual({
      kind: 'unread',
      why: 'not-permitted',
      words:
        'Anthropic does not let this credential read the Activity Feed (status 403): that takes an Admin API key that was made after the feed was enabled.',
    });
    expect(await byAdminKey().activities(since)).toEqual({ kind: 'read', since, activities: [] });
  });

  test('that an organization has not enabled is not offered to it', async () => {
    fake.setActivityFeed({ offered: false });
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
});
