import { memoryFromTags } from '../../lib/contract/memory-tags';
import { ApiKey } from '../../lib/domain/key';
import { type TestEnvironmentOptions, TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const GRACE = 48;

/** An old key whose grace goes on, in an environment that is to switch it off. */
async function superseded(options: TestEnvironmentOptions = {}): Promise<string> {
  testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' }, ...options });
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  return old;
}

/** Checks every hour, as deployed. */
const hourly = async (hours: number) => {
  for (let hour = 0; hour < hours; hour++) await testKey.after(1);
};

const isOn = (key: string) => testKey.sandbox.anthropic.statusOf(key) === 'active';
const mailOf = (wanted: string) =>
  testKey.mails.find(({ attributes }) => attributes?.kind?.StringValue === wanted)?.body.replace(/\s+/g, ' ');
const reports = (report: Parameters<typeof testKey.sandbox.anthropic.setUsageReport>[0]) =>
  testKey.sandbox.anthropic.setUsageReport(report);
const doubted = () => memoryFromTags(testKey.secret.tags).doubted;

test.each(['hipaa', 'scope', 'not-offered'] as const)(
  'where the analytics report is refused (%s) an idle old key is switched off by the Messages report, over HTTP',
  async (why) => {
    const old = await superseded({ overHttp: true });
    reports({ analyticsGiven: why });
    await hourly(GRACE + 3);
    expect(isOn(old)).toBe(false);
    expect(testKey.told.slice(-2)).toEqual(['deactivating', 'rotation-complete']);
  },
);

test('a key whose use only the Messages report shows is extended, with the evidence', async () => {
  const old = await superseded();
  reports({ analyticsGiven: 'hipaa' });
  await hourly(GRACE - 8);
  testKey.sandbox.anthropic.recordUsage(old, { at: testKey.sandbox.clock.now(), requests: 40 });
  await hourly(12);
  expect(isOn(old)).toBe(true);
  expect(testKey.told.at(-1)).toBe('extended');
  expect(mailOf('extended')).toContain('800 tokens since');
});

test('where both reports are refused people are told as soon as the grace is over, why, and what to do; nothing is switched off', async () => {
  const old = await superseded();
  reports({ analyticsGiven: 'hipaa', messagesGiven: 'scope' });
  await hourly(GRACE + 2);
  expect(testKey.told.at(-1)).toBe('grace-over');
  const why =
    'Anthropic refuses both usage reports to this deployment (status 400 and 403). Give Admin access the right to read usage: "doctor" says how.';
  expect(mailOf('grace-over')).toContain(why);
  expect(doubted()).toEqual({
    fingerprint: new ApiKey(old).fingerprint,
    doubt: { reason: 'refused', statuses: [400, 403] },
  });
  expect(await testKey.admin({ verb: 'deactivate', key: old })).toEqual({
    outcome: 'refused',
    guard: 'idle',
    why: 'whether it is still used is not known: Anthropic refuses both usage reports to this deployment (status 400 and 403)',
  });
  await testKey.days(10);
  expect(isOn(old)).toBe(true);
  expect(mailOf('zombie')).toContain(why);
});

test('once usage is known, the doubt is forgotten and the key is switched off', async () => {
  const old = await superseded();
  reports({ analyticsGiven: 'hipaa', messagesGiven: 'scope' });
  await hourly(GRACE + 2);
  reports({ messagesGiven: 'given' });
  await hourly(2);
  expect(isOn(old)).toBe(false);
  expect(doubted()).toBeUndefined();
});

test('a key without a record is told of at once', async () => {
  testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const { value } = testKey.sandbox.anthropic.createKey({ workspace: testKey.workspace, withoutHint: true });
  await testKey.submit(value);
  await testKey.submit(testKey.newKey());
  await hourly(GRACE + 2);
  expect(isOn(value)).toBe(true);
  expect(mailOf('grace-over')).toContain('not exactly one record at Anthropic fits the key');
});

describe('usage that may be known later', () => {
  const lasting: [string, string, () => unknown][] = [
    [
      'a report that does not reach the present',
      'is not known to be complete after',
      () => reports({ analyticsGiven: 'hipaa', messagesLag: 20 * 3_600_000 }),
    ],
    [
      'reports that give no readable answer',
      'no usage report of Anthropic is available now',
      () => {
        for (const path of ['analytics/usage', 'usage_report/messages'])
          testKey.sandbox.anthropic.script('api-error', { path: `/v1/organizations/${path}` });
      },
    ],
    [
      'a function with Admin access that fails',
      'the function with Admin access gave no answer',
      () => testKey.sandbox.anthropic.script('api-error', { path: '/v1/organizations/api_keys' }),
    ],
  ];

  test.each(lasting)('is waited for, for six hours, and then told: %s', async (_, words, begin) => {
    const old = await superseded();
    begin();
    await hourly(GRACE + 5);
    expect(testKey.told.at(-1)).toBe('rotated');
    expect(doubted()?.fingerprint).toBe(new ApiKey(old).fingerprint);
    await hourly(3);
    expect(testKey.told.at(-1)).toBe('grace-over');
    expect(mailOf('grace-over')).toContain(words);
    expect(isOn(old)).toBe(true);
  });

  test('troubles nobody where it is known in time', async () => {
    const old = await superseded();
    reports({ analyticsGiven: 'hipaa', messagesLag: 20 * 3_600_000 });
    await hourly(GRACE + 4);
    reports({ messagesLag: 5 * 60_000 });
    await hourly(2);
    expect(isOn(old)).toBe(false);
    expect(testKey.told).not.toContain('grace-over');
  });
});

test('a live key that nothing uses shows no reach: its health is asked by counting tokens', async () => {
  testKey = await TestKey.build({
    adminAccess: true,
    policy: { deactivate: 'automatic', healthProbe: 'count-tokens' },
  });
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  reports({ analyticsGiven: 'hipaa' });
  await hourly(GRACE + 8);
  expect(isOn(old)).toBe(true);
  expect(testKey.told.at(-1)).toBe('grace-over');
});

test('a refused analytics report keeps nothing else of a key from being known', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  reports({ analyticsGiven: 'hipaa' });
  await testKey.promoteFirstKey();
  await testKey.days(1);
  expect(memoryFromTags(testKey.secret.tags).record?.id).toMatch(/^apikey_/);
});
