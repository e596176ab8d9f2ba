import { memoryToTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { METRIC } from '../../lib/domain/metrics';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { MINUTE } from '../../lib/domain/time';
import { aRememberedVerdict } from '../builders';
import { aMemory } from '../fleet-listing';
import { keyOf } from '../keys';
import { TestEnvironment, TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const count = (metric: string) => testKey.sandbox.environment('prod').telemetry.total(metric);

/** A secret of somebody else in the same account. */
const create = (Name: string, tags: Record<string, string>, SecretString?: string) =>
  testKey.sandbox.aws.secretsManager.perform('CreateSecret', {
    Name,
    ...(SecretString !== undefined && { SecretString }),
    ClientRequestToken: Name.replace(/\W/g, '-').padEnd(36, '0'),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });

const policyTags = (service: string) =>
  policyToTags({ environment: 'prod', service, owner: 'mallory@example.com' }, DEFAULT_POLICY);

/** What a check would have written on a secret that has this key live. */
const claims = (key: string) =>
  memoryToTags(aMemory({ verdict: aRememberedVerdict({ fingerprint: keyOf(key).fingerprint }) }));

describe('an old key that nobody switches off is told of, whatever another secret says', () => {
  test.each([
    ['a memory tag on an unmanaged secret', 'mallory/notes', (old: string) => claims(old)],
    [
      'all tags of a managed secret on an unmanaged one',
      'mallory/notes',
      (old: string) => ({ ...policyTags('notes'), ...claims(old) }),
    ],
    [
      'a secret under the prefix of the environment',
      'anthropic/prod/notes',
      (old: string) => ({ ...policyTags('notes'), ...claims(old) }),
    ],
  ])('%s', async (_, name, tags) => {
    testKey = await TestKey.build();
    const old = await testKey.promoteFirstKey();
    await create(name, tags(old), 'x');
    await testKey.submit(testKey.newKey());
    await testKey.days(6, 12);
    expect(testKey.told).toEqual(expect.arrayContaining(['grace-over', 'zombie']));
    expect(count(METRIC.keyZombie)).toBeGreaterThan(0);
  });
});

/** A key that was refused here and works later. */
async function refusedKey(): Promise<string> {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const key = testKey.newKey();
  testKey.sandbox.anthropic.disable(key);
  await testKey.submit(key);
  testKey.sandbox.anthropic.enable(key);
  return key;
}

test('a refused key that another managed secret has live is not told of, and not for ever followed', async () => {
  const key = await refusedKey();
  const neighbour = await testKey.neighbour();
  await neighbour.submit(key);
  expect(neighbour.live).toBe(key);
  await testKey.days(6);
  expect(testKey.followed).toEqual([key]);
  await testKey.days(2);
  expect(testKey.followed).toEqual([]);
  expect(testKey.told).not.toContain('refused-key-works');
  expect(testKey.told).not.toContain('zombie');
});

test('a refused key is told of, whatever a tag of another secret says', async () => {
  const key = await refusedKey();
  await create('anthropic/prod/notes', { ...policyTags('notes'), ...claims(key) }, 'x');
  await testKey.after(1);
  expect(testKey.told).toContain('refused-key-works');
});

test('a managed secret that seems to use the old key is named in the mails', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await create('anthropic/prod/other', { ...policyTags('other'), ...claims(old) }, old);
  await create('mallory/notes', { ...policyTags('notes'), ...claims(old) }, old);
  await testKey.submit(testKey.newKey());
  await testKey.days(6, 12);
  for (const kind of ['grace-over', 'zombie']) {
    const mail = testKey.mails.find(({ attributes }) => attributes.kind?.StringValue === kind)!;
    expect(mail.body).toContain('anthropic/prod/other seems to use the');
    expect(mail.body).not.toContain('mallory');
  }
});

describe('an idle old key is switched off', () => {
  const switchedOff = async (prepare: (old: string) => Promise<unknown>) => {
    const environment = await TestEnvironment.open({ adminAccess: true });
    const [row] = await environment.pastGrace(1);
    testKey = row!.testKey;
    await prepare(row!.old);
    await testKey.check();
    return testKey.sandbox.anthropic.statusOf(row!.old) !== 'active';
  };

  test.each([
    ['says that it has the key live', (old: string) => create('mallory/notes', claims(old), 'x')],
    ['holds the key and is not managed', (old: string) => create('mallory/notes', policyTags('notes'), old)],
    ['has no value', () => create('mallory/notes', policyTags('notes'))],
    ['is of the environment and has no value', () => create('anthropic/prod/empty', policyTags('empty'))],
    [
      'says that three keys were switched off a moment ago',
      async () => {
        const timeline = { fingerprint: 'f'.repeat(12), deactivatedAt: testKey.sandbox.clock.now() };
        testKey.sandbox.clock.advance(MINUTE);
        for (const service of ['a', 'b', 'c'])
          await create(`anthropic/prod/${service}`, {
            ...policyTags(service),
            ...memoryToTags(aMemory({ timeline })),
          });
      },
    ],
  ])('although another secret %s', async (_, prepare) => {
    expect(await switchedOff(prepare)).toBe(true);
  });

  test.each([
    ['as its value', (old: string) => old],
    ['in a text of another format', (old: string) => `# shared\nexport KEY=${old}\n`],
  ])('but not while a managed secret holds it %s, however long unchecked', async (_, text) => {
    expect(
      await switchedOff((old) =>
        create(
          'anthropic/dev/other',
          policyToTags({ environment: 'dev', service: 'other', owner: 'dev@example.com' }, DEFAULT_POLICY),
          text(old),
        ),
      ),
    ).toBe(false);
  });
});

test('a good submission is not refused for what an unmanaged secret says', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const next = testKey.newKey();
  await create('mallory/notes', { ...policyTags('notes'), ...claims(next) }, 'x');
  await testKey.submit(next);
  expect(testKey.live).toBe(next);
});
