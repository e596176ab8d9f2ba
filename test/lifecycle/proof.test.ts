import { METRIC } from '../../lib/domain/metrics';
import type { Manner } from '../../local/anthropic/fake-organization';
import { TestEnvironment, type TestKey } from './test-key';

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.open();
});
afterEach(() => environment.close());

const total = (metric: string) => environment.sandbox.environment('prod').telemetry.total(metric);

/** So many managed keys, each live and accepted. */
async function liveKeys(count: number): Promise<{ testKey: TestKey; key: string }[]> {
  const rows: { testKey: TestKey; key: string }[] = [];
  for (let i = 0; i < count; i++) {
    const testKey = await environment.key();
    rows.push({ testKey, key: await testKey.promoteFirstKey() });
  }
  return rows;
}

/** Everybody is refused, as by a gateway that plays Anthropic, until the returned function ends it. */
const refuseEverybody = () => environment.sandbox.anthropic.trouble('invalid-key');

const HOME_NAMED: Manner = { namesOrganization: true };
const MANNERS: readonly (readonly [string, Manner])[] = [
  ['as documented', {}],
  ['naming its organization', HOME_NAMED],
  ['with an unknown code', { errorCode: 'api_key_disabled' }],
  ['with an unknown header', { headers: { 'anthropic-key-status': 'inactive', 'x-should-retry': 'false' } }],
  ['through a proxy that strips headers', { stripsHeaders: true }],
];

describe('a disabled key stays provable', () => {
  test.each(MANNERS)('as the live one, answered %s', async (_, manner) => {
    const [dying] = await liveKeys(2);
    const { testKey, key } = dying!;
    environment.sandbox.anthropic.setManner(manner);
    environment.sandbox.anthropic.disable(key);
    await testKey.after(1);
    expect(testKey.told.at(-1)).toBe('dead');
    expect(testKey.mails.at(-1)!.body).toMatch(/each time\s+accepted another key/);
  });

  test.each(MANNERS.slice(0, -1))('as the old one, answered %s', async (_, manner) => {
    const [{ testKey, key }] = (await liveKeys(1)) as [{ testKey: TestKey; key: string }];
    await testKey.submit(testKey.newKey());
    environment.sandbox.anthropic.setManner(manner);
    environment.sandbox.anthropic.disable(key);
    await testKey.after(1);
    expect(testKey.told.at(-1)).toBe('rotation-complete');
  });

  test('as a submission, which is then refused', async () => {
    const [{ testKey, key }] = (await liveKeys(1)) as [{ testKey: TestKey; key: string }];
    const dead = testKey.newKey();
    environment.sandbox.anthropic.disable(dead);
    await testKey.submit(dead);
    expect(testKey.told.at(-1)).toBe('rejected');
    expect(testKey.live).toBe(key);
  });
});

describe('a refusal that something speaks against', () => {
  test.each<[string, Manner, string]>([
    ['rate limits', { headers: { 'anthropic-ratelimit-requests-limit': '50' } }, 'anthropic-ratelimit'],
    [
      'a foreign organization',
      { headers: { 'anthropic-organization-id': 'org_02Other' } },
      'organization-id',
    ],
    ['a wish to be asked again', { headers: { 'x-should-retry': 'true' } }, 'x-should-retry'],
  ])('%s: the old key is not proven dead, and the mail names the header', async (_, manner, header) => {
    const [{ testKey, key }] = (await liveKeys(1)) as [{ testKey: TestKey; key: string }];
    await testKey.submit(testKey.newKey());
    environment.sandbox.anthropic.setManner(manner);
    environment.sandbox.anthropic.disable(key);
    await testKey.days(4);
    expect(testKey.told).not.toContain('rotation-complete');
    expect(testKey.told.at(-1)).toBe('unproven');
    expect(testKey.mails.at(-1)!.body).toContain(header);
    expect(testKey.retiring).toHaveLength(1);
  });

  test('the live key is told of at once as refused, never as dead', async () => {
    const [{ testKey, key }] = (await liveKeys(2)) as [{ testKey: TestKey; key: string }];
    environment.sandbox.anthropic.setManner({ headers: { 'x-should-retry': 'true' } });
    environment.sandbox.anthropic.disable(key);
    await testKey.after(1);
    expect(testKey.told.at(-1)).toBe('refused');
    expect(testKey.mails.at(-1)!.body).toContain('x-should-retry');
    expect(total(METRIC.keyDead)).toBe(0);
    expect(total(METRIC.keysRefused)).toBe(1);
  });
});

describe('while everybody is refused', () => {
  test('one or two keys are told of at once, as refused', async () => {
    const rows = await liveKeys(2);
    const end = refuseEverybody();
    for (const { testKey } of rows) await testKey.check();
    end();
    for (const { testKey } of rows) expect(testKey.told.at(-1)).toBe('refused');
    expect(total(METRIC.keyDead)).toBe(0);
    for (const { testKey } of rows) await testKey.after(1);
    for (const { testKey } of rows) expect(testKey.told.at(-1)).toBe('resolved');
  });

  test('three or more have one alarm at once, and no mail of their own', async () => {
    const rows = await liveKeys(4);
    const end = refuseEverybody();
    for (const { testKey } of rows) await testKey.check();
    expect(total(METRIC.keysRefused)).toBe(4);
    expect(total(METRIC.keyDead)).toBe(0);
    expect(total(METRIC.keyUnknown)).toBe(0);
    end();
    for (const { testKey } of rows) await testKey.after(1);
    for (const { testKey } of rows) expect(testKey.told).toEqual(['rotated']);
  });

  test('each gets a mail where it lasts for six hours', async () => {
    const rows = await liveKeys(3);
    refuseEverybody();
    for (const { testKey } of rows) await testKey.check();
    environment.sandbox.clock.advance(5 * 3_600_000);
    for (const { testKey } of rows) await testKey.check();
    for (const { testKey } of rows) expect(testKey.told).toEqual(['rotated']);
    environment.sandbox.clock.advance(3_600_000);
    for (const { testKey } of rows) await testKey.check();
    for (const { testKey } of rows) expect(testKey.told).toEqual(['rotated', 'refused']);
  });

  test('a good submission waits, and goes live afterwards', async () => {
    const [{ testKey }] = (await liveKeys(1)) as [{ testKey: TestKey; key: string }];
    const next = testKey.newKey();
    const end = refuseEverybody();
    await testKey.submit(next);
    expect([testKey.waiting, testKey.told.at(-1)]).toEqual([next, 'rotated']);
    end();
    await testKey.after(1);
    expect(testKey.live).toBe(next);
  });
});

describe('a submission that Anthropic does not know yet', () => {
  test.each([30, 59, 75, 180, 470])('goes live if it is known after %i seconds', async (seconds) => {
    const [{ testKey }] = (await liveKeys(1)) as [{ testKey: TestKey; key: string }];
    environment.sandbox.anthropic.setPropagation({ arrival: seconds * 1000 });
    const next = testKey.newKey();
    await testKey.submit(next);
    expect(testKey.live).toBe(next);
  });

  test('waits for a day where no other key can be the control, and is then withdrawn as not proven', async () => {
    const testKey = await environment.key();
    const dead = testKey.newKey();
    environment.sandbox.anthropic.disable(dead);
    await testKey.submit(dead);
    await testKey.days(0.9, 2);
    expect(testKey.waiting).toBe(dead);
    expect(testKey.told).not.toContain('rejected');
    await testKey.days(0.2, 2);
    expect(testKey.submitted).toBe(false);
    const rejection = testKey.mails.find(({ attributes }) => attributes?.kind?.StringValue === 'rejected')!;
    expect(rejection.body).toMatch(/is\s+not\s+proven/);
    expect(rejection.body).not.toMatch(/nobody\s+can\s+use/);
  });
});

test('the control costs nothing while no key is refused', async () => {
  const [{ testKey }] = (await liveKeys(3)) as [{ testKey: TestKey; key: string }];
  const { anthropic, aws } = environment.sandbox;
  await testKey.after(1);
  const [asked, called] = [anthropic.requests.length, aws.calls.all().length];
  await testKey.after(1);
  expect(anthropic.requests.length - asked).toBe(1);
  const calls = aws.calls.all().slice(called);
  expect(calls.map(({ operation }) => operation)).not.toContain('ListSecrets');
  expect(calls.every(({ params }) => JSON.stringify(params).includes('api-1'))).toBe(true);
});

test('a key of another secret is the control where the secret has none of its own', async () => {
  const [{ testKey, key }, other] = (await liveKeys(2)) as [
    { testKey: TestKey; key: string },
    { testKey: TestKey; key: string },
  ];
  environment.sandbox.anthropic.disable(key);
  environment.sandbox.anthropic.disable(other.key);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('refused');
  environment.sandbox.anthropic.enable(other.key);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('dead');
  expect(testKey.told).not.toContain('resolved');
});
