import { FAULT } from '../../local/aws';
import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey.close());

const kinds = (kind: string) => testKey.told.filter((told) => told === kind).length;

test('a hundred checks in a row send one mail', async () => {
  testKey = await TestKey.build();
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.anthropic.disable(key);
  for (let check = 0; check < 100; check++) await testKey.check();
  expect(kinds('refused')).toBe(1);
});

test('a topic that refuses for three days gets everything afterwards, once', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const takeAway = testKey.sandbox.aws.faults.on(
    { service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY },
    FAULT.unavailable,
  );
  await testKey.submit(testKey.newKey());
  await testKey.days(3);
  expect(testKey.told).toEqual(['rotated']);
  expect(testKey.sandbox.environment('prod').telemetry.total('NoticeNotDelivered')).toBeGreaterThan(0);
  takeAway();
  await testKey.days(0.5);
  expect(testKey.told).toEqual(['rotated', 'rotated', 'zombie']);
});

test('an old key that is written again is not told of as new, too, when somebody listens at last', async () => {
  testKey = await TestKey.build({ listens: false });
  const key = await testKey.promoteFirstKey();
  await testKey.days(17);
  await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: key, REGION: 'eu' }));
  const { sns } = testKey.sandbox.aws;
  sns.subscribeEmail(sns.createTopic('anthropic-keys-prod').arn, 'platform@example.com');
  sns.confirm('platform@example.com');
  await testKey.days(2);
  expect(testKey.told).toEqual(['same-key-again']);
});

test('a new key that is written again at once is told of as new first, and then as written again', async () => {
  testKey = await TestKey.build({ listens: false });
  const key = await testKey.promoteFirstKey();
  await testKey.after(1);
  await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: key, REGION: 'eu' }));
  testKey.sandbox.aws.sns.confirm('platform@example.com');
  await testKey.after(1);
  expect(testKey.told).toEqual(['rotated']);
  await testKey.after(1);
  expect(testKey.told).toEqual(['rotated', 'same-key-again']);
});

test('copies that a secret held before its key was accepted are no news', async () => {
  testKey = await TestKey.build();
  const key = testKey.newKey();
  await testKey.edit(key);
  testKey.sandbox.clock.advance(17 * 24 * 3_600_000);
  await testKey.edit(JSON.stringify({ ANTHROPIC_API_KEY: key }));
  await testKey.days(2);
  expect(testKey.told).toEqual(['rotated']);
});

test('a key’s last label stays while nobody could be told that it is dead', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  testKey.sandbox.aws.sns.unsubscribe('platform@example.com');
  testKey.sandbox.anthropic.disable(first);
  await testKey.days(2);
  expect(testKey.retiring).toHaveLength(1);
});

test('no death is proven while the new key does not answer', async () => {
  testKey = await TestKey.build();
  // Its key shows that the refusals are about the others.
  await (await testKey.neighbour()).promoteFirstKey();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  testKey.sandbox.anthropic.disable(first);
  testKey.sandbox.anthropic.disable(second);
  await testKey.days(1);
  expect(testKey.told).not.toContain('rotation-complete');
  expect(testKey.retiring).toHaveLength(1);
});

test('a bad state that ends is told as resolved, once', async () => {
  testKey = await TestKey.build();
  const key = await testKey.promoteFirstKey();
  testKey.sandbox.anthropic.disable(key);
  await testKey.after(1);
  testKey.sandbox.anthropic.enable(key);
  await testKey.days(2);
  expect(testKey.told).toEqual(['rotated', 'refused', 'resolved']);
});

test('forgetting everything repeats a mail at most, moves no label and makes no key younger', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.days(76, 24);
  await testKey.submit(testKey.newKey());
  await testKey.days(100, 24);
  const [labels, told] = [JSON.stringify(testKey.secret.versions), testKey.told.length];
  await testKey.forgetEverything();
  await testKey.check();
  await testKey.check();
  expect(JSON.stringify(testKey.secret.versions)).toBe(labels);
  const repeated = testKey.told.slice(told);
  expect(repeated).toContain('overdue');
  expect(new Set(repeated).size).toBe(repeated.length);
});

describe('how many mails a key costs', () => {
  test('a clean cycle, from one rotation to the next', async () => {
    testKey = await TestKey.build();
    const old = await testKey.promoteFirstKey();
    await testKey.days(77);
    const before = testKey.told.length;
    await testKey.submit(testKey.newKey());
    for (let day = 0; day < 90 && kinds('due') < 2; day++) {
      await testKey.days(1);
      if (testKey.told.at(-1) === 'grace-over') testKey.sandbox.anthropic.disable(old);
    }
    const mails = testKey.told.slice(before);
    console.info(`A clean cycle of a 90-day key: ${mails.length} mails (${mails.join(', ')})`);
    expect(mails.length).toBeLessThanOrEqual(5);
  });

  test('120 days of neglect', async () => {
    testKey = await TestKey.build();
    await testKey.check();
    await testKey.promoteFirstKey();
    await testKey.days(120);
    console.info(`120 days of neglect: ${testKey.told.length} mails (${testKey.told.join(', ')})`);
    expect(testKey.told.length).toBeLessThanOrEqual(12);
    expect(testKey.told.filter((kind) => kind === 'due')).toHaveLength(3);
    expect(testKey.told.filter((kind) => kind === 'overdue')).toHaveLength(5);
  });
});
