import { TestEnvironment, type TestKey } from './test-key';

let testEnvironment: TestEnvironment;
let testKeys: readonly TestKey[];
beforeEach(async () => {
  testEnvironment = await TestEnvironment.open();
  testKeys = await Promise.all(Array.from({ length: 4 }, () => testEnvironment.key()));
  for (const testKey of testKeys) await testKey.promoteFirstKey();
  for (const testKey of testKeys) await testKey.check();
});
afterEach(() => testEnvironment.close());

const told = () => testKeys.flatMap((testKey) => testKey.told.filter((kind) => kind !== 'rotated'));

async function hours(count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 3) {
    testEnvironment.sandbox.clock.advance(3 * 3_600_000);
    for (const testKey of testKeys) await testKey.check();
  }
}

test('an outage is left to the alarm: no key is told of, neither in it nor after it', async () => {
  const recover = testEnvironment.sandbox.anthropic.trouble('overloaded');
  await hours(96);
  expect(testEnvironment.sandbox.environment('prod').telemetry.total('KeyUnknown')).toBeGreaterThan(100);
  recover();
  await hours(6);
  expect(told()).toEqual([]);
});

test('one key without an answer is told of, and so is its end', async () => {
  const recover = testEnvironment.sandbox.anthropic.trouble('overloaded', { key: testKeys[0]!.live });
  await hours(30);
  expect(told()).toEqual(['inconclusive']);
  recover();
  await hours(3);
  expect(told()).toEqual(['inconclusive', 'resolved']);
});

test('a key that stays without an answer when the others have one again is told of', async () => {
  const [one] = testKeys;
  const recover = testEnvironment.sandbox.anthropic.trouble('overloaded');
  await hours(30);
  recover();
  testEnvironment.sandbox.anthropic.trouble('overloaded', { key: one!.live });
  await hours(6);
  expect(told()).toEqual(['inconclusive']);
});

test('where the other keys cannot be looked at, each is told of', async () => {
  testEnvironment.sandbox.anthropic.trouble('overloaded');
  const { faults } = testEnvironment.sandbox.aws;
  const denied = { kind: 'error', code: 'AccessDeniedException', message: 'no' } as const;
  faults.on({ operation: 'ListSecrets', times: Number.POSITIVE_INFINITY }, denied);
  await hours(30);
  expect(told()).toHaveLength(testKeys.length);
});
