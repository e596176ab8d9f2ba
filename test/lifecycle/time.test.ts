import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey.close());

test('seven days of 529 and recovery: no false death, no lost label, and the ladder goes on', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.days(87);
  await testKey.submit(testKey.newKey());
  const labels = () =>
    testKey.secret.versions
      .filter(({ labels: on }) => on.length > 0)
      .map(({ id, labels: on }) => [id, [...on].sort()]);
  const before = labels();
  const recover = testKey.sandbox.anthropic.script('overloaded', { times: Number.POSITIVE_INFINITY });
  await testKey.days(7);
  expect(labels()).toEqual(before);
  expect(testKey.told.slice(-2)).toEqual(['inconclusive', 'unproven'].sort());
  expect(testKey.logged('Key checked').at(-1)).toMatchObject({
    verdict: 'UNKNOWN',
    reason: 'overloaded',
    status: 529,
    requestId: expect.any(String),
  });
  expect(testKey.told).not.toContain('dead');
  recover();
  await testKey.days(1);
  expect(testKey.told).toContain('resolved');
  expect(testKey.told).toContain('zombie');
});

test.each([
  ['the end of summer time', '2026-10-20T06:00:00Z'],
  ['the start of summer time', '2027-03-20T06:00:00Z'],
  ['a leap day', '2028-02-20T06:00:00Z'],
])('an age of 90 days is 90 days over %s', async (_, start) => {
  testKey = await TestKey.build({ start: new Date(start), policy: { maxAgeDays: 20, warnDays: [7, 1] } });
  await testKey.promoteFirstKey();
  await testKey.days(13, 24);
  expect(testKey.told).toEqual(['rotated']);
  await testKey.report();
  expect(testKey.told.at(-1)).toBe('due');
  await testKey.days(6, 24);
  expect(testKey.told).toEqual(['rotated', 'due', 'due']);
  await testKey.days(1, 24);
  expect(testKey.told.at(-1)).toBe('overdue');
});

test('after a gap of a thousand days a key is told overdue once, on the rung it has reached', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.after(1000 * 24);
  await testKey.check();
  expect(testKey.told).toEqual(['rotated', 'overdue']);
  await testKey.days(7);
  expect(testKey.told.filter((kind) => kind === 'overdue')).toHaveLength(2);
});
