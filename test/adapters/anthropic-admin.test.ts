import { inspect } from 'node:util';
import { type AdminApiOptions, createAdminApi } from '../../lib/adapters/anthropic-admin';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { matchRecord } from '../../lib/domain/console/record';
import { readAdminKey } from '../../lib/domain/key';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { keyOf } from '../keys';

const start = new Date('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number) => new Date(start.getTime() - hours * 3_600_000);
let clock: VirtualClock;
let fake: FakeAnthropic;
let adminKey: string;

beforeEach(async () => {
  clock = new VirtualClock(start);
  fake = await startFakeAnthropic({ clock });
  adminKey = fake.createAdminKey();
});
afterEach(() => fake.stop());

const api = (credential?: AdminApiOptions['credential']) =>
  createAdminApi({
    baseURL: fake.url,
    clock,
    credential: credential ?? { adminKey: readAdminKey(adminKey)! },
  });

const federation = (part: Partial<Extract<AdminApiOptions['credential'], { ruleId: string }>> = {}) =>
  api({
    ruleId: 'fdrl_1',
    organizationId: fake.organization.id,
    serviceAccountId: 'svac_1',
    identityToken: async () => 'identity',
    ...part,
  });

describe('records', () => {
  const recordOf = async (id: string) => (await api().records()).find((record) => record.id === id);

  test('come from all pages', async () => {
    for (let index = 0; index < 2_500; index += 1) fake.createKey();
    const records = await api().records();
    expect(new Set(records.map(({ id }) => id)).size).toBe(2_500);
    expect(fake.requests).toHaveLength(3);
  });

  test('hold all that is known of a key', async () => {
    const expiresAt = new Date('2026-12-01T00:00:00Z');
    const { id, value } = fake.createKey({ name: 'prod-api-gateway-2026-11-21', expiresAt, personal: true });
    expect(await recordOf(id)).toEqual({
      id,
      name: 'prod-api-gateway-2026-11-21',
      status: 'active',
      createdAt: start,
      expiresAt,
      personal: true,
      hint: expect.stringContaining('...'),
      workspaceId: expect.stringMatching(/^wrkspc_/),
      createdBy: { kind: 'user', id: 'user_01Console' },
      principal: { kind: 'user', id: 'user_01Owner' },
    });
    clock.set(expiresAt);
    expect(await recordOf(id)).toMatchObject({ status: 'expired' });
    expect(inspect(await recordOf(id))).not.toContain(value.slice(20));
  });

  test('may lack hint, expiry, workspace and maker', async () => {
    const { id } = fake.createKey({ withoutHint: true, scope: 'organization', createdBy: null });
    const record = await recordOf(id);
    expect(record).toEqual({ id, name: 'key-1', status: 'active', createdAt: start, personal: false });
  });

  test('name service accounts as makers and as those that a key acts as', async () => {
    const { id } = fake.createKey({ createdBy: 'svac_1', principal: 'svac_2' });
    expect(await recordOf(id)).toMatchObject({
      personal: false,
      createdBy: { kind: 'service-account', id: 'svac_1' },
      principal: { kind: 'service-account', id: 'svac_2' },
    });
  });

  test('are found by the key itself', async () => {
    const { id, value } = fake.createKey();
    fake.createKey();
    const records = await api().records();
    const workspace = records[0]!.workspaceId;
    expect(matchRecord(keyOf(value), workspace, records)).toMatchObject({ record: { id } });
  });
});

describe('switching off and on', () => {
  test('is reversible', async () => {
    const { id } = fake.createKey();
    expect(await api().setStatus(id, 'inactive')).toMatchObject({ status: 'inactive' });
    expect(fake.statusOf(id)).toBe('inactive');
    expect(await api().setStatus(id, 'active')).toMatchObject({ status: 'active' });
  });

  test.each(['org_api_key_limit_exceeded', 'workspace_api_key_limit_exceeded'] as const)(
    'reports %s as a limit',
    async (limit) => {
      const { id } = fake.createKey();
      fake.disable(id);
      fake.setKeyLimit(limit);
      await expect(api().setStatus(id, 'active')).rejects.toMatchObject({ failure: 'limit-reached' });
    },
  );

  test('an archived key is refused', async () => {
    const { id } = fake.createKey();
    fake.archive(id);
    await expect(api().setStatus(id, 'active')).rejects.toMatchObject({ failure: 'refused' });
  });
});

describe('failures are told apart', () => {
  test('an unknown key', async () => {
    await expect(api().setStatus('apikey_none', 'inactive')).rejects.toMatchObject({
      name: 'AdminError',
      failure: 'not-found',
    });
  });

  test('an ordinary key in place of an Admin key', async () => {
    const ordinary = keyOf(fake.createKey().value);
    await expect(api({ adminKey: ordinary }).records()).rejects.toMatchObject({ failure: 'no-permission' });
  });

  test.each([
    'bad gateway',
    'captive page',
    'truncated JSON',
    'connection reset',
    'api-error',
    'rate-limit',
    'redirect',
  ] as const)('%s is unavailable, after three tries', async (name) => {
    const { id } = fake.createKey();
    fake.script(name);
    await expect(api().setStatus(id, 'inactive')).rejects.toMatchObject({ failure: 'unavailable' });
    expect(fake.requests).toHaveLength(3);
  });

  test('a temporary failure is retried', async () => {
    fake.script('overloaded', { times: 2 });
    expect(await api().organization()).toEqual(fake.organization);
  });

  test('none holds a credential or text of the server', async () => {
    for (const name of ['permission', 'invalid-key', 'api-error', 'bad-request'] as const) {
      const takeBack = fake.script({
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: (credential) => JSON.stringify({ type: 'error', error: { type: name, message: credential } }),
      });
      const error: unknown = await api()
        .records()
        .catch((caught: unknown) => caught);
      const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
      takeBack();
      expect(shown).toContain('AdminError');
      expect(shown.includes(adminKey.slice(20, 40))).toBe(false);
    }
  });
});

describe('Workload Identity Federation', () => {
  test('needs no stored secret', async () => {
    fake.allowFederation({
      ruleId: 'fdrl_1',
      serviceAccountId: 'svac_1',
      accepts: (token) => token === 'identity',
    });
    const desk = federation();
    expect(await desk.organization()).toEqual(fake.organization);
    expect(await desk.records()).toEqual([]);
    expect(fake.requests.map(({ path }) => path)).toEqual([
      '/v1/oauth/token',
      '/v1/organizations/me',
      '/v1/organizations/api_keys',
    ]);
  });

  test('without a matching rule is no permission', async () => {
    fake.allowFederation({
      ruleId: 'fdrl_1',
      serviceAccountId: 'svac_1',
      accepts: (token) => token === 'somebody else',
    });
    await expect(federation().records()).rejects.toMatchObject({ failure: 'no-permission' });
    await expect(federation({ ruleId: 'fdrl_2' }).records()).rejects.toMatchObject({
      failure: 'no-permission',
    });
  });

  test('without an identity token is unavailable', async () => {
    const identityToken = async () => {
      throw new Error('STS said no');
    };
    await expect(federation({ identityToken }).records()).rejects.toMatchObject({ failure: 'unavailable' });
  });
});

describe('usage', () => {
  const window = { from: hoursAgo(48), to: start };

  test('tells idle from in use, by key', async () => {
    const [used, idle] = [fake.createKey(), fake.createKey()];
    fake.recordUsage(used.id, { at: hoursAgo(5.5), requests: 7, model: 'claude-opus-5-5' });
    fake.recordUsage(used.id, { at: hoursAgo(30), requests: 2, model: 'claude-haiku-5-5' });
    expect(await api().usage(used.id, window)).toEqual({
      kind: 'in-use',
      ...window,
      requests: 9,
      lastUsed: hoursAgo(6),
      models: ['claude-haiku-5-5', 'claude-opus-5-5'],
      refreshedAt: new Date('2026-11-21T11:50:00Z'),
    });
    expect(await api().usage(idle.id, window)).toMatchObject({ kind: 'idle' });
  });

  test('is unknown if the report does not cover it yet', async () => {
    const { id } = fake.createKey();
    fake.setUsageReport({ lag: 5 * 3_600_000 });
    fake.recordUsage(id, { at: hoursAgo(2), requests: 7 });
    expect(await api().usage(id, window)).toMatchObject({ kind: 'unknown' });
  });

  test('is unknown if the report does not say how fresh it is', async () => {
    const { id } = fake.createKey();
    fake.setUsageReport({ tellsFreshness: false });
    expect(await api().usage(id, window)).toMatchObject({ kind: 'unknown' });
  });

  test('is asked for no more days than the report spans', async () => {
    const { id } = fake.createKey();
    expect(await api().usage(id, { from: hoursAgo(24 * 90), to: start })).toMatchObject({
      kind: 'idle',
      from: hoursAgo(24 * 31),
    });
  });

  test('shows a spike, over all pages', async () => {
    const { id } = fake.createKey();
    for (let hour = 25; hour < 25 + 7 * 24; hour += 1)
      fake.recordUsage(id, { at: hoursAgo(hour), requests: 40 });
    expect(await api().spike(id, start)).toBeUndefined();
    fake.recordUsage(id, { at: hoursAgo(3), requests: 4_000 });
    expect(await api().spike(id, start)).toEqual({ hour: hoursAgo(3), requests: 4_000, medianPerHour: 40 });
  });

  test('ignores our own count-tokens probes', async () => {
    const { id, value } = fake.createKey();
    await createKeyProbe({ baseURL: fake.url, clock }).probe(keyOf(value), {
      probe: 'count-tokens',
      within: 5_000,
    });
    fake.setUsageReport({ lag: 0 });
    clock.advance(1);
    expect(await api().usage(id, { from: hoursAgo(1), to: clock.now() })).toMatchObject({ kind: 'idle' });
  });
});
