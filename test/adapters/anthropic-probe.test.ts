import { createKeyProbe, type KeyProbeOptions } from '../../lib/adapters/anthropic-probe';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { keyOf, keyText } from '../keys';

const start = new Date('2026-11-21T08:00:00Z');
let clock: VirtualClock;
let fake: FakeAnthropic;
let value: string;

beforeEach(async () => {
  clock = new VirtualClock(start);
  fake = await startFakeAnthropic({ clock });
  value = fake.createKey().value;
});
afterEach(() => fake.stop());

const elapsed = () => clock.now().getTime() - start.getTime();

function probe(options: Partial<KeyProbeOptions> & { model?: string; within?: number } = {}) {
  const { model, within = 60_000, ...rest } = options;
  const probing = createKeyProbe({ baseURL: fake.url, clock, random: () => 1, ...rest });
  return probing.probe(keyOf(value), { probe: 'messages', model, within });
}

describe('retries', () => {
  test('survive a temporary failure with doubling waits', async () => {
    fake.script('overloaded', { times: 2 });
    expect(await probe()).toMatchObject({ kind: 'ALIVE' });
    expect(elapsed()).toBe(1_000 + 2_000);
  });

  test('have jitter', async () => {
    fake.script('overloaded', { times: 2 });
    await probe({ random: () => 0 });
    expect(elapsed()).toBe(500 + 1_000);
  });

  test('end after four attempts', async () => {
    fake.script('connection reset');
    expect(await probe()).toMatchObject({ kind: 'UNKNOWN', reason: 'network' });
    expect(fake.requests).toHaveLength(4);
  });

  test('end with the given time', async () => {
    fake.script('overloaded');
    await probe({ within: 2_500 });
    expect(elapsed()).toBeLessThan(2_500);
    expect(fake.requests).toHaveLength(2);
  });

  test('do not start without time', async () => {
    expect(await probe({ within: 0 })).toMatchObject({ kind: 'UNKNOWN', reason: 'no-time-left' });
    expect(fake.requests).toHaveLength(0);
  });

  test('wait as long as the server asks, if that is short', async () => {
    fake.script('rate-limit', { times: 1 });
    expect(await probe()).toMatchObject({ kind: 'ALIVE' });
    expect(elapsed()).toBe(2_000);
  });

  test('never wait a day because a server says so', async () => {
    fake.script('ramp-limit');
    expect(await probe({ within: 1e9 })).toMatchObject({ kind: 'BLOCKED', reason: 'rate-limit' });
    expect(fake.requests).toHaveLength(1);
    expect(elapsed()).toBe(0);
  });

  test.each(['credit-balance', 'permission', 'contract-spend-limit', 'bad-request', 'invalid-key'] as const)(
    'is not done for %s',
    async (name) => {
      fake.trouble(name);
      await probe();
      expect(fake.requests).toHaveLength(1);
    },
  );

  test('an endless body is abandoned', async () => {
    fake.script('slow body');
    expect(await probe({ attemptTimeout: 100 })).toMatchObject({ kind: 'UNKNOWN', reason: 'timeout' });
  });
});

describe('models', () => {
  const models = () => fake.requests.filter(({ path }) => path === '/v1/models').length;

  test('the configured one comes first', async () => {
    expect(await probe({ model: 'claude-opus-5-5' })).toMatchObject({
      kind: 'ALIVE',
      evidence: { model: 'claude-opus-5-5' },
    });
  });

  test('a retired configured one falls back to the built-in ones', async () => {
    expect(await probe({ model: 'claude-2' })).toMatchObject({
      kind: 'ALIVE',
      evidence: { model: 'claude-haiku-5-5' },
    });
  });

  test('the older built-in one follows', async () => {
    fake.setModels([{ id: 'claude-haiku-4-5', lifecycle: 'deprecated' }]);
    expect(await probe()).toMatchObject({ kind: 'ALIVE', evidence: { model: 'claude-haiku-4-5' } });
    expect(models()).toBe(0);
  });

  test('the first active haiku of the list is the last resort', async () => {
    fake.setModels([
      { id: 'claude-haiku-5-5', lifecycle: 'retired' },
      { id: 'claude-haiku-6', lifecycle: 'deprecated' },
      { id: 'claude-opus-7', lifecycle: 'active' },
      { id: 'claude-haiku-7', lifecycle: 'active' },
    ]);
    expect(await probe()).toMatchObject({ kind: 'ALIVE', evidence: { model: 'claude-haiku-7' } });
  });

  test('a key without any of them is blocked by model, not dead', async () => {
    fake.setModels([]);
    expect(await probe({ model: 'claude-2' })).toMatchObject({ kind: 'BLOCKED', reason: 'model' });
    expect(models()).toBe(1);
  });

  test('an unavailable list changes nothing', async () => {
    fake.setModels([]);
    fake.script('proxy 401', { path: '/v1/models' });
    expect(await probe()).toMatchObject({ kind: 'BLOCKED', reason: 'model' });
  });
});

test('a redirect is not followed: a 401 from another host proves nothing', async () => {
  const elsewhere = await startFakeAnthropic({ clock, seed: 'elsewhere' });
  fake.script({ status: 307, headers: { location: `${elsewhere.url}/v1/messages` } });
  expect(await probe()).toMatchObject({ kind: 'UNKNOWN', reason: 'not-anthropic' });
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.stop();
});

describe('the environment', () => {
  const NONSENSE = {
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    ANTHROPIC_API_KEY: keyText('ambient'),
    ANTHROPIC_AUTH_TOKEN: 'nonsense',
    ANTHROPIC_CUSTOM_HEADERS:
      'Authorization: Bearer nonsense\nx-api-key: nonsense\nanthropic-version: 1\nnot a header: x',
    ANTHROPIC_PROFILE: 'nobody',
    ANTHROPIC_LOG: 'debug',
    ANTHROPIC_WORKSPACE_ID: 'wrkspc_nonsense',
    ANTHROPIC_OPEN_TELEMETRY: 'true',
  };
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(NONSENSE)) delete process.env[name];
    Object.assign(process.env, before);
  });

  test('has no influence: verdicts and requests are the same with nonsense in every ANTHROPIC variable', async () => {
    const course = async () => {
      const verdicts = [];
      for (const name of [undefined, 'credit-balance', 'invalid-key', 'permission'] as const) {
        const solve = name && fake.trouble(name);
        const { evidence, ...verdict } = await probe();
        const { requestId, ...stable } = evidence;
        verdicts.push({ ...verdict, evidence: stable });
        solve?.();
      }
      return { verdicts, requests: fake.requests.slice(-verdicts.length) };
    };
    const calm = await course();
    Object.assign(process.env, NONSENSE);
    expect(await course()).toEqual(calm);
    expect(calm.requests[0]).toMatchObject({ credential: 'bearer', apiVersion: '2026-10-21' });
  });
});
