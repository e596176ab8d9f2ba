import { TestEnvironment, TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

test('at the limit of labels a submission is refused, and the live key is still watched', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  for (let i = 0; i < 14; i++) await testKey.submit(testKey.newKey());
  const refused = testKey.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'rejected');
  expect(refused).toHaveLength(3);
  expect(refused[0]!.body).toContain('11 old keys');
  const before = testKey.mails.length;
  testKey.sandbox.anthropic.disable(testKey.live);
  await testKey.after(1);
  expect(testKey.told.slice(before)).toContain('dead');
});

test('where labels of others fill the secret, no mail says that a key was accepted before it is', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  const id = testKey.at('AWSCURRENT')!;
  const move = (VersionStage: string, to: { MoveToVersionId: string } | { RemoveFromVersionId: string }) =>
    testKey.sandbox.aws.secretsManager.perform('UpdateSecretVersionStage', {
      SecretId: testKey.secretName,
      VersionStage,
      ...to,
    });
  const free = 20 - testKey.secret.versions.flatMap(({ labels }) => labels).length;
  for (let i = 0; i < free; i++) await move(`theirs-${i}`, { MoveToVersionId: id });
  const next = testKey.newKey();
  await testKey.edit(next).catch(() => {});
  const before = testKey.mails.length;
  await expect(testKey.after(1)).rejects.toThrow('staging labels');
  expect(testKey.accepted).toBe(old);
  expect(testKey.mails.slice(before)).toEqual([]);
  for (let i = 0; i < 5; i++) await move(`theirs-${i}`, { RemoveFromVersionId: id });
  await testKey.after(1);
  expect(testKey.accepted).toBe(next);
  expect(testKey.retiring.map(({ key }) => key)).toEqual([old]);
  expect(testKey.told.slice(before)).toEqual(['rotated']);
});

test('where no tag can be written nothing is told again at every check, and a submission is promoted all the same', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.after(1);
  await testKey.fillTags();
  const before = testKey.mails.length;
  const next = testKey.newKey();
  await testKey.put(next);
  for (let hour = 0; hour < 24; hour++) await testKey.after(1).catch(() => {});
  expect(testKey.live).toBe(next);
  expect(testKey.mails.length - before).toBeLessThanOrEqual(1);
});

test('a command of another release is refused by its name, and nothing else is done instead', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const before = testKey.mails.length;
  await testKey.edit(testKey.newKey());
  const request = { secretId: testKey.secretName, command: { verb: 'fly' } };
  await expect(testKey.sandbox.invoke('prod', 'check', request)).rejects.toThrow('has no command "fly"');
  expect(testKey.mails).toHaveLength(before);
});

test('an old version that may not be read any more does not end the watch over the live key', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  const message = "Secrets Manager can't decrypt the protected secret text using the provided KMS key.";
  testKey.refuse('GetSecretValue', { code: 'DecryptionFailure', message }, testKey.at('RETIRE_AFTER'));
  testKey.sandbox.anthropic.disable(testKey.live);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('refused');
});

test.each(['DescribeSecret', 'TagResource'])(
  'one secret on which %s is denied holds back no other one’s notice',
  async (operation) => {
    const testEnvironment = await TestEnvironment.open();
    const testKeys = [
      await testEnvironment.key(),
      await testEnvironment.key(),
      await testEnvironment.key(),
      await testEnvironment.key(),
      await testEnvironment.key(),
    ];
    for (const each of testKeys) await each.promoteFirstKey();
    testKey = testKeys[0]!;
    testKey.sandbox.clock.set(new Date('2026-11-30T09:00:00Z'));
    for (const each of testKeys.slice(2)) await each.check();
    testKey.refuse(operation, { code: 'AccessDeniedException', message: 'no' }, testKey.secretName);
    await testKey.sandbox.invoke('prod', 'report', {});
    expect(testKeys[1]!.told).toContain('unwatched');
  },
);

test('three keys an hour are switched off, also where many checks ask at the same moment', async () => {
  const testEnvironment = await TestEnvironment.open({ adminAccess: true });
  const rows = await testEnvironment.pastGrace(6);
  testKey = rows[0]!.testKey;
  let arrived = 0;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  // Every run has counted before any has written down what it is about to do.
  testKey.sandbox.aws.faults.on(
    { service: 'secretsmanager', operation: 'TagResource', caller: 'anthropic-keys-prod-admin', times: 6 },
    {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () => {
        arrived += 1;
        if (arrived === 6) open();
        await all;
      },
    },
  );
  await Promise.all(rows.map((each) => each.testKey.check()));
  expect(rows.filter(({ old }) => testKey.sandbox.anthropic.statusOf(old) === 'inactive')).toHaveLength(3);
});

test('a key that becomes live again while its switching off is announced stays on', async () => {
  testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  testKey.sandbox.clock.advance(49 * 3_600_000);
  testKey.sandbox.aws.faults.on(
    { service: 'sns', operation: 'Publish', caller: 'anthropic-keys-prod-admin' },
    {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () => void (await testKey.command({ verb: 'roll-back' })),
    },
  );
  expect(await testKey.admin({ verb: 'deactivate', key: first })).toMatchObject({
    outcome: 'refused',
    guard: 'not-the-live-key',
  });
  expect(testKey.live).toBe(first);
  expect(testKey.sandbox.anthropic.statusOf(first)).toBe('active');
});

test('a switching off that Anthropic refuses again and again is announced once, and not recorded as done', async () => {
  testKey = await TestKey.build({
    adminAccess: true,
    policy: { deactivate: 'automatic' },
    around: (name, port) =>
      name === 'api'
        ? Object.assign(port, { setStatus: () => Promise.reject(new Error('no permission')) })
        : port,
  });
  await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(48);
  for (let hour = 0; hour < 12; hour++) await testKey.after(1);
  expect(testKey.told.filter((kind) => kind === 'deactivating')).toHaveLength(1);
  expect(testKey.secret.tags['anthropic-key-state:rotation']).not.toContain('deactivated=');
});

test('of one secret a machine switches off one old key an hour', async () => {
  testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const old = [await testKey.promoteFirstKey()];
  for (let i = 0; i < 3; i++) {
    old.push(testKey.newKey());
    await testKey.submit(old.at(-1)!);
  }
  testKey.sandbox.clock.advance(49 * 3_600_000);
  const off = () => old.filter((key) => testKey.sandbox.anthropic.statusOf(key) === 'inactive').length;
  for (let tick = 0; tick < 11; tick++) await testKey.after(5 / 60);
  expect(off()).toBe(1);
  await testKey.after(1);
  expect(off()).toBe(2);
});
