import { createAdminApi } from '../../lib/adapters/anthropic-admin';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { readAdminKey } from '../../lib/domain/key';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import type { Given } from '../../local/anthropic/usage';
import { VirtualClock } from '../../local/clock';
import { keyOf } from '../keys';

const ANALYTICS = '/v1/organizations/analytics/usage';
const MESSAGES = '/v1/organizations/usage_report/messages';

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

const api = () =>
  createAdminApi({ baseURL: fake.url, clock, credential: { adminKey: readAdminKey(adminKey)! } });

const asked = () => fake.requests.map(({ path }) => path);

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

  test('is unknown if the reports do not cover it yet', async () => {
    const { id } = fake.createKey();
    fake.setUsageReport({ lag: 5 * 3_600_000, messagesLag: 5 * 3_600_000 });
    fake.recordUsage(id, { at: hoursAgo(2), requests: 7 });
    expect(await api().usage(id, window)).toEqual({
      kind: 'unknown',
      reason: 'not-fresh',
      refreshedAt: hoursAgo(5),
    });
  });

  test('wins, whichever report shows it first', async () => {
    const { id } = fake.createKey();
    fake.setUsageReport({ lag: 5 * 3_600_000 });
    fake.recordUsage(id, { at: hoursAgo(2), requests: 7 });
    expect(await api().usage(id, window)).toMatchObject({ kind: 'in-use', tokens: 140 });
  });

  test('is unknown if the report does not say how fresh it is, and no other report answers', async () => {
    const { id } = fake.createKey();
    fake.setUsageReport({ tellsFreshness: false, messagesGiven: 'scope' });
    expect(await api().usage(id, window)).toEqual({ kind: 'unknown', reason: 'not-fresh' });
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

describe('the analytics report', () => {
  const window = { from: hoursAgo(48), to: start };
  const row = (api_key_id: unknown, requests: number) => ({
    starting_at: hoursAgo(5).toISOString(),
    group: { api_key_id, model: null },
    usage: { requests },
  });
  const fresh = { has_more: false, next_page: null, data_refreshed_at: start.toISOString() };
  const answered = async (id: string, body: object) => {
    fake.setUsageReport({ messagesGiven: 'scope' });
    fake.script(
      { status: 200, headers: { 'content-type': 'application/json' }, body: () => JSON.stringify(body) },
      { path: ANALYTICS },
    );
    return api().usage(id, window);
  };

  test.each([
    ['no list of rows', { ...fresh }],
    ['no word on further pages', { data: [], data_refreshed_at: fresh.data_refreshed_at }],
    ['further pages, and not where', { ...fresh, data: [], has_more: true }],
    ['a row that names no key', { ...fresh, data: [row(null, 3)] }],
    ['a row that is not grouped', { ...fresh, data: [{ starting_at: hoursAgo(5).toISOString() }] }],
  ])('that holds %s is no answer, and never idleness', async (_, body) => {
    expect(await answered(fake.createKey().id, body)).toEqual({ kind: 'unknown', reason: 'unavailable' });
  });

  test('tells use by a row, whatever number of requests it has', async () => {
    const { id } = fake.createKey();
    expect(await answered(id, { ...fresh, data: [row(id, 0)] })).toMatchObject({ kind: 'in-use' });
  });
});

describe('the Messages report', () => {
  const window = { from: hoursAgo(48), to: start };
  const refusals: [Given, number][] = [
    ['hipaa', 400],
    ['scope', 403],
    ['not-offered', 404],
  ];
  /** An old key and the live one, of an organization that is refused the analytics report. */
  const keys = () => {
    fake.setUsageReport({ analyticsGiven: 'hipaa' });
    return { old: fake.createKey().id, live: fake.createKey().id };
  };
  const usage = ({ old, live }: { old: string; live?: string }) => api().usage(old, window, live);
  const answering = (body: unknown) =>
    fake.script(
      { status: 200, headers: { 'content-type': 'application/json' }, body: () => JSON.stringify(body) },
      { path: MESSAGES },
    );

  test.each(refusals)('is asked where the analytics report is refused: %s', async (why) => {
    const { old, live } = keys();
    fake.setUsageReport({ analyticsGiven: why });
    fake.recordUsage(live, { at: hoursAgo(0.5), requests: 1 });
    expect(await usage({ old, live })).toEqual({ kind: 'idle', ...window, refreshedAt: hoursAgo(1) });
    expect(asked()).toEqual([ANALYTICS, MESSAGES]);
  });

  test('is asked where the analytics report is unavailable, old, or does not say how fresh it is', async () => {
    const { old, live } = keys();
    fake.recordUsage(live, { at: hoursAgo(0.5), requests: 1 });
    fake.setUsageReport({ analyticsGiven: 'given', tellsFreshness: false });
    expect(await usage({ old, live })).toMatchObject({ kind: 'idle' });
    fake.script('api-error', { path: ANALYTICS });
    expect(await usage({ old, live })).toMatchObject({ kind: 'idle' });
  });

  test('is not asked where the analytics report settles it', async () => {
    const { old, live } = keys();
    fake.setUsageReport({ analyticsGiven: 'given' });
    await usage({ old, live });
    fake.recordUsage(old, { at: hoursAgo(5), requests: 1 });
    await usage({ old, live });
    expect(asked()).toEqual([ANALYTICS, ANALYTICS]);
  });

  test('counts tokens, and every row is use', async () => {
    const { old } = keys();
    fake.recordUsage(old, { at: hoursAgo(5.5), requests: 7, model: 'claude-opus-5-5' });
    fake.recordUsage(old, { at: hoursAgo(30), requests: 2, model: 'claude-haiku-5-5' });
    expect(await usage({ old })).toEqual({
      kind: 'in-use',
      ...window,
      requests: 2,
      tokens: 180,
      lastUsed: hoursAgo(6),
      models: ['claude-haiku-5-5', 'claude-opus-5-5'],
      refreshedAt: hoursAgo(6),
    });
  });

  test('shows use in the hour that has not ended', async () => {
    clock.advance(30 * 60_000);
    const { old } = keys();
    fake.recordUsage(old, { at: new Date('2026-11-21T12:10:00Z'), requests: 1 });
    const now = { from: hoursAgo(48), to: clock.now() };
    expect(await api().usage(old, now)).toMatchObject({ kind: 'in-use', lastUsed: start });
  });

  test('calls no key idle that nothing shows to be in its reach', async () => {
    const { old, live } = keys();
    const stale = { kind: 'unknown', reason: 'not-fresh' };
    expect(await usage({ old, live })).toEqual(stale);
    expect(await usage({ old })).toEqual(stale);
    expect(await usage({ old, live: old })).toEqual(stale);
    fake.recordUsage(live, { at: hoursAgo(9), requests: 1 });
    expect(await usage({ old, live })).toEqual({ ...stale, refreshedAt: hoursAgo(9) });
    fake.recordUsage(live, { at: hoursAgo(0.5), requests: 1 });
    fake.setUsageReport({ messagesLag: 6 * 3_600_000 });
    expect(await usage({ old, live })).toEqual({ ...stale, refreshedAt: hoursAgo(9) });
  });

  test('is read over all its pages', async () => {
    const { old } = keys();
    fake.recordUsage(old, { at: hoursAgo(24 * 20), requests: 1 });
    fake.recordUsage(old, { at: hoursAgo(24 * 2), requests: 1 });
    const month = { from: hoursAgo(24 * 90), to: start };
    expect(await api().usage(old, month)).toMatchObject({
      kind: 'in-use',
      from: hoursAgo(24 * 31),
      tokens: 40,
    });
    // 31 days are 744 hours: five pages of 168.
    expect(asked().filter((path) => path === MESSAGES)).toHaveLength(5);
  });

  test('that is refused, too, leaves both statuses', async () => {
    const { old, live } = keys();
    fake.setUsageReport({ messagesGiven: 'scope' });
    expect(await usage({ old, live })).toEqual({ kind: 'unknown', reason: 'refused', statuses: [400, 403] });
  });

  test('that gives no readable answer is unavailable', async () => {
    const { old, live } = keys();
    fake.script('bad gateway', { path: MESSAGES });
    expect(await usage({ old, live })).toEqual({ kind: 'unknown', reason: 'unavailable' });
  });

  const bucket = (results: unknown) => ({
    data: [{ starting_at: hoursAgo(1).toISOString(), ending_at: start.toISOString(), results }],
    has_more: false,
    next_page: null,
  });
  test.each([
    ['nothing', {}],
    ['no list of buckets', { data: {}, has_more: false, next_page: null }],
    ['no word on further pages', { data: [], next_page: null }],
    ['further pages, and not where', { data: [], has_more: true, next_page: null }],
    ['pages without an end', { data: [], has_more: true, next_page: 'page_1' }],
    ['a bucket without rows', bucket(undefined)],
    ['a row that is none', bucket(['apikey_1'])],
    ['a row without a key', bucket([{ output_tokens: 3 }])],
    ['a bucket without a time', { data: [{ results: [] }], has_more: false, next_page: null }],
  ])('that holds %s is no answer, and never idleness', async (_, body) => {
    const { old, live } = keys();
    answering(body);
    expect(await usage({ old, live })).toEqual({ kind: 'unknown', reason: 'unavailable' });
  });

  test('with a row of no key is no answer: it may be use of the old one', async () => {
    const { old, live } = keys();
    const row = (api_key_id: string | null) => ({ api_key_id, output_tokens: 3 });
    answering(bucket([row(live), row(null)]));
    expect(await usage({ old, live })).toEqual({ kind: 'unknown', reason: 'unavailable' });
  });

  test('reaches no further by a row of the live key without tokens', async () => {
    const { old, live } = keys();
    answering(bucket([{ api_key_id: live, output_tokens: 0 }]));
    expect(await usage({ old, live })).toEqual({ kind: 'unknown', reason: 'not-fresh' });
  });

  test('has no number of requests, so no spike is looked for in it', async () => {
    const { live } = keys();
    expect(await api().spike(live, start)).toBeUndefined();
    expect(asked()).toEqual([ANALYTICS]);
  });
});

describe('which report answers', () => {
  test.each<[Given, Given, object]>([
    ['given', 'given', { analytics: 'answers', messages: 'answers' }],
    ['hipaa', 'given', { analytics: { failure: 'refused', status: 400 }, messages: 'answers' }],
    [
      'not-offered',
      'scope',
      { analytics: { failure: 'refused', status: 404 }, messages: { failure: 'refused', status: 403 } },
    ],
  ])('analytics %s, Messages %s', async (analytics, messages, sources) => {
    fake.setUsageReport({ analyticsGiven: analytics, messagesGiven: messages });
    expect(await api().usageSources(start)).toEqual(sources);
  });

  test('is not known while Anthropic is in trouble', async () => {
    fake.script('overloaded');
    expect(await api().usageSources(start)).toEqual({
      analytics: { failure: 'unavailable' },
      messages: { failure: 'unavailable' },
    });
  });
});
