import { TestEnvironment, TestKey } from './test-key';

const automatic = { adminAccess: true, policy: { deactivate: 'automatic' as const } };

let testKey: TestKey;
afterEach(() => testKey?.close());

const deactivate = (key: string, order?: object) => testKey.admin({ verb: 'deactivate', key, order });

test('a key that is live in another managed secret is never switched off by a machine, nor as a retired one by a human', async () => {
  const testEnvironment = await TestEnvironment.open({ adminAccess: true });
  const other = await testEnvironment.key();
  testKey = await testEnvironment.key({ deactivate: 'automatic' });
  const shared = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await other.edit(shared);
  await other.check();
  await testKey.days(4);
  expect(testKey.sandbox.anthropic.statusOf(shared)).toBe('active');
  expect(await deactivate(shared, { kind: 'retire', reason: 'cleaning up', by: 'ada' })).toMatchObject({
    outcome: 'refused',
    guard: 'live-nowhere',
  });
});

test('the live key is switched off only to contain a leak, announced, and can be brought back', async () => {
  testKey = await TestKey.build(automatic);
  const key = await testKey.promoteFirstKey();
  expect(await deactivate(key)).toMatchObject({ outcome: 'refused', guard: 'not-the-live-key' });
  expect(await deactivate(key, { kind: 'retire', reason: 'why not', by: 'ada' })).toMatchObject({
    outcome: 'refused',
  });
  expect(
    await deactivate(key, { kind: 'contain', reason: 'pushed to a public repository', by: 'ada' }),
  ).toMatchObject({
    outcome: 'deactivated',
  });
  expect(testKey.told.at(-1)).toBe('contained');
  expect(testKey.sandbox.anthropic.statusOf(key)).toBe('inactive');
  expect(await testKey.admin({ verb: 'reactivate', key })).toMatchObject({ outcome: 'reactivated' });
  expect(testKey.sandbox.anthropic.statusOf(key)).toBe('active');
});

test('a limit that stands against reactivating is reported as what it is', async () => {
  testKey = await TestKey.build(automatic);
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.days(3);
  testKey.sandbox.anthropic.setKeyLimit('org_api_key_limit_exceeded');
  // The label is gone with the proof of death, but the version is still AWSPREVIOUS.
  expect(await testKey.admin({ verb: 'reactivate', key: first })).toMatchObject({
    outcome: 'refused',
    guard: 'limit-reached',
  });
});

test('nothing is switched off before its grace is over, outside working hours, or while the new key is not alive', async () => {
  testKey = await TestKey.build({
    ...automatic,
    policy: {
      ...automatic.policy,
      workingHours: { days: [1, 5], hours: [9, 17], timeZone: 'Europe/Berlin' },
    },
  });
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'grace-over' });
  testKey.sandbox.anthropic.disable(second);
  await testKey.after(49);
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'new-key-alive' });
  testKey.sandbox.anthropic.enable(second);
  testKey.sandbox.clock.set(new Date('2026-11-28T12:00:00Z'));
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'working-hours' });
  testKey.sandbox.clock.set(new Date('2026-11-30T12:00:00Z'));
  expect(await deactivate(first)).toMatchObject({ outcome: 'deactivated' });
});

test('at most three keys are switched off within an hour', async () => {
  const testEnvironment = await TestEnvironment.open({ adminAccess: true });
  const rows = await testEnvironment.pastGrace(4);
  testKey = rows[0]!.testKey;
  for (const each of rows) await each.testKey.check();
  const off = () => rows.filter(({ old }) => testKey.sandbox.anthropic.statusOf(old) === 'inactive').length;
  expect(off()).toBe(3);
  testKey.sandbox.clock.advance(61 * 60_000);
  for (const each of rows) await each.testKey.check();
  expect(off()).toBe(4);
});

test('without a notice nothing is switched off, except to contain a leak', async () => {
  testKey = await TestKey.build({ ...automatic, listens: false });
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  await testKey.days(3);
  expect(testKey.sandbox.anthropic.statusOf(first)).toBe('active');
  await deactivate(second, { kind: 'contain', reason: 'leaked', by: 'ada' });
  expect(testKey.sandbox.anthropic.statusOf(second)).toBe('inactive');
});

test('what the Admin API knows of a key is found: its true age, its expiry, its owner and a spike', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const expiresAt = new Date(testKey.sandbox.clock.now().getTime() + 10 * 86_400_000);
  const { value } = testKey.sandbox.anthropic.createKey({
    workspace: testKey.workspace,
    personal: true,
    expiresAt,
  });
  await testKey.check();
  await testKey.report();
  testKey.sandbox.clock.advance(3_600_000);
  await testKey.submit(value);
  await testKey.after(1);
  expect(testKey.told).toEqual(['awaiting-first-key', 'rotated', 'dies-with-its-owner']);
  await testKey.report();
  expect(testKey.told.at(-1)).toBe('expires-soon');
  for (let hour = 30; hour >= 1; hour--) {
    const at = new Date(testKey.sandbox.clock.now().getTime() - hour * 3_600_000);
    testKey.sandbox.anthropic.recordUsage(value, { at, requests: 20 });
  }
  await testKey.days(1);
  testKey.sandbox.anthropic.recordUsage(value, { at: testKey.sandbox.clock.now(), requests: 5_000 });
  await testKey.days(2);
  expect(testKey.told).toContain('usage-spike');
});

test('two operators who submit at once lose neither key', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const [ada, bob] = [testKey.newKey(), testKey.newKey()];
  await testKey.put(ada);
  await testKey.put(bob);
  await testKey.days(1);
  expect(testKey.live).toBe(bob);
  const labelled = [first, ada];
  expect(testKey.retiring.map(({ key }) => key).sort()).toEqual(labelled.sort());
});
