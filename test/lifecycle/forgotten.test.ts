import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const retiring = () => testKey.retiring.map(({ key }) => key).sort();

test.each([
  ['a label could not be moved', 'UpdateSecretVersionStage'],
  ['nothing went wrong', undefined],
])(
  'a good key that a bad edit overtook has a deadline after the rollback, though %s',
  async (_, operation) => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    await testKey.after(1);
    const overtaken = testKey.newKey();
    await testKey.edit(overtaken);
    await testKey.edit(testKey.newKey(testKey.otherWorkspace));
    const stop =
      operation &&
      testKey.sandbox.aws.faults.on(
        { service: 'secretsmanager', operation, caller: 'anthropic-keys-prod-check', from: 2, times: 3 },
        { kind: 'error', code: 'AccessDeniedException', message: 'no' },
      );
    await testKey.check().catch(() => {});
    if (stop) stop();
    await testKey.days(1);
    expect(testKey.live).toBe(first);
    expect(retiring()).toEqual([overtaken]);
  },
);

test('so it has where Anthropic gave no answer about it at that moment', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  await testKey.after(1);
  const overtaken = testKey.newKey();
  await testKey.edit(overtaken);
  await testKey.edit(testKey.newKey(testKey.otherWorkspace));
  const recover = testKey.sandbox.anthropic.trouble('overloaded', { key: overtaken });
  await testKey.after(1);
  recover();
  await testKey.days(1);
  expect(retiring()).toEqual([overtaken]);
});

test('keys that were edited in and taken back by their label both have a deadline', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.days(3, 24);
  const edits = [testKey.newKey(), testKey.newKey()];
  await testKey.edit(edits[0]!);
  await testKey.edit(edits[1]!);
  const move = {
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: testKey.at('ACCEPTED'),
    RemoveFromVersionId: testKey.at('AWSCURRENT'),
  };
  await testKey.sandbox.aws.secretsManager.perform('UpdateSecretVersionStage', {
    SecretId: testKey.secretName,
    ...move,
  });
  await testKey.days(2);
  expect(testKey.live).toBe(first);
  expect(retiring()).toEqual(edits.sort());
});

test.each(['a garbled paste', 'a dead key'])(
  'a good key over which somebody submits %s is not lost',
  async (what) => {
    testKey = await TestKey.build();
    await testKey.promoteFirstKey();
    const good = testKey.newKey();
    const bad = what === 'a dead key' ? testKey.newKey() : 'sk-ant-api03-abc...wxyz';
    if (what === 'a dead key') testKey.sandbox.anthropic.disable(bad);
    await testKey.put(good);
    await testKey.put(bad);
    await testKey.days(1);
    expect(testKey.told).toContain('rejected');
    expect(retiring()).toContain(good);
  },
);

test('a good key that is submitted while another one is tested is not refused for the other one', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const [bad, good] = [testKey.newKey(), testKey.newKey()];
  testKey.sandbox.anthropic.disable(bad);
  testKey.sandbox.aws.faults.on(
    { service: 'secretsmanager', operation: 'PutSecretValue', caller: 'anthropic-keys-prod-rotate' },
    { kind: 'meanwhile', when: 'after-effect', run: () => testKey.put(good) },
  );
  await testKey.submit(bad);
  await testKey.days(1, 1);
  expect(testKey.told).not.toContain('rejected');
  expect(testKey.live).toBe(good);
});

test('a replacement that could not be stored leaves the submission that waits as it was', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const waiting = testKey.newKey();
  await testKey.put(waiting);
  const stop = testKey.refuse('PutSecretValue', { code: 'AccessDeniedException', message: 'no' });
  await expect(testKey.replace(testKey.newKey())).rejects.toThrow('AccessDenied');
  stop();
  await testKey.after(1);
  expect(testKey.live).toBe(waiting);
});

test('a replaced submission has a deadline, and the one that replaces it goes live', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const [displaced, next] = [testKey.newKey(), testKey.newKey()];
  await testKey.put(displaced);
  await testKey.replace(next);
  await testKey.after(1);
  expect(testKey.live).toBe(next);
  expect(retiring()).toContain(displaced);
});

test('an accepted version that is not found for a moment is not taken for one without a key', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  await testKey.days(3, 24);
  const accepted = testKey.at('ACCEPTED');
  await testKey.edit(testKey.newKey());
  const message = "Secrets Manager can't find the specified secret value";
  testKey.refuse('GetSecretValue', { code: 'ResourceNotFoundException', message }, accepted, 4);
  await testKey.after(1);
  await testKey.days(1);
  expect(retiring()).toEqual([first]);
});

test('the key of a stop is remembered by the age that Anthropic gives it', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const first = await testKey.promoteFirstKey();
  await testKey.days(40, 24);
  await testKey.edit('DISABLED');
  await testKey.after(1);
  await testKey.edit(first);
  await testKey.after(1);
  await testKey.days(55, 24);
  expect(testKey.told).toContain('overdue');
});
