import { ApiKey } from '../../lib/domain/key';
import { METRIC } from '../../lib/domain/metrics';
import { TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey?.close());

const fingerprint = (key: string) => new ApiKey(key).fingerprint;
const contain = (key: string) => testKey.contain(key);
const status = (key: string) => testKey.sandbox.anthropic.statusOf(key);

test('without Admin access a leaked key is told of until it is dead, and gets no grace', async () => {
  testKey = await TestKey.build();
  const leaked = await testKey.promoteFirstKey();
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  expect(testKey.told.at(-1)).toBe('contained');
  expect(testKey.mails.at(-1)!.subject).toContain('LEAKED KEY STILL WORKS');
  await testKey.days(2);
  expect(testKey.told.filter((kind) => kind === 'contained')).toHaveLength(3);
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  const rotated = testKey.mails.findLast(({ attributes }) => attributes?.kind?.StringValue === 'rotated')!;
  expect(rotated.subject).not.toContain('is kept until');
  expect(rotated.body).not.toMatch(/rollback|extend/);
  expect(testKey.retiring[0]!.until.getTime()).toBeLessThanOrEqual(testKey.sandbox.clock.now().getTime());
  await expect(testKey.command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
  testKey.sandbox.anthropic.disable(leaked);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  expect(testKey.mails.at(-1)!.body).toContain('Never switch the old key on again');
  const { telemetry } = testKey.sandbox.environment('prod');
  const before = telemetry.total(METRIC.keyZombie);
  expect(before).toBeGreaterThan(0);
  await testKey.after(1);
  expect(telemetry.total(METRIC.keyZombie)).toBe(before);
});

test('a leak that was labelled by hand with a date to come is told of like any other', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.sandbox.aws.secretsManager.perform('UpdateSecretVersionStage', {
    SecretId: testKey.secretName,
    VersionStage: `LEAKED_20991121T000000Z_${fingerprint(old).slice(0, 8)}`,
    MoveToVersionId: testKey.at('AWSPREVIOUS'),
  });
  await testKey.days(3);
  expect(testKey.told.filter((kind) => kind === 'contained').length).toBeGreaterThan(2);
  testKey.sandbox.anthropic.disable(old);
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
});

test('a contained live key is not told of as dead without a reason', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  await contain(leaked);
  await testKey.days(1);
  expect(testKey.told.filter((kind) => kind === 'contained')).toHaveLength(1);
  const dead = testKey.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'dead');
  expect(dead).toHaveLength(1);
  expect(dead[0]!.subject).toContain('switched off on purpose');
});

test.each([
  [
    'the usage report is down',
    () => testKey.sandbox.anthropic.script('api-error', { path: '/v1/organizations/analytics/usage' }),
  ],
  [
    'the fleet cannot be listed',
    () => testKey.refuse('ListSecrets', { code: 'ThrottlingException', message: 'Rate exceeded' }),
  ],
  ['no tag can be written', () => testKey.fillTags()],
  [
    'mail is down',
    () =>
      testKey.sandbox.aws.faults.on(
        { service: 'sns', operation: 'Publish', times: 100 },
        { kind: 'error', code: 'InternalErrorException', message: 'no' },
      ),
  ],
])('a leak is contained although %s', async (_, spoil) => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  await spoil();
  await contain(leaked).catch(() => {});
  expect(status(leaked)).toBe('inactive');
});

test.each(['DISABLED', '{"ANTHROPIC_API_KEY":""}'])(
  'so is one whose service was stopped with %s first',
  async (stop) => {
    testKey = await TestKey.build({ adminAccess: true });
    const leaked = await testKey.promoteFirstKey();
    await testKey.edit(stop);
    await testKey.after(1);
    expect(await contain(leaked)).toMatchObject({ outcome: 'deactivated' });
    expect(status(leaked)).toBe('inactive');
  },
);

test('and one that waits to be tested', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  await testKey.promoteFirstKey();
  const leaked = testKey.newKey();
  testKey.sandbox.anthropic.trouble('rate-limit', { key: leaked });
  await testKey.submit(leaked);
  expect(await contain(leaked)).toMatchObject({ outcome: 'deactivated' });
});

test('a key that is switched on again has a deadline, is not switched off at once, and is no leak any more', async () => {
  testKey = await TestKey.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const first = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.days(3);
  expect(testKey.told).toContain('rotation-complete');
  await testKey.command({ verb: 'extend', fingerprint: fingerprint(first), hoursFromNow: 48 });
  expect(await testKey.admin({ verb: 'reactivate', key: first })).toMatchObject({ outcome: 'reactivated' });
  await testKey.days(1);
  expect(status(first)).toBe('active');
  expect(testKey.retiring.map(({ key }) => key)).toEqual([first]);
  await testKey.command({ verb: 'roll-back' });
  expect(testKey.live).toBe(first);
});

test('every mail can be looked up by its id', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  await contain(leaked);
  await testKey.after(1);
  const ids = testKey.mails.map(({ body }) => /AKR-\w{4}-\w{4}/.exec(body)![0]);
  const sent = testKey.secret.tags['anthropic-key-state:checked'];
  for (const id of ids) expect(sent).toContain(id.slice('AKR-'.length));
});

test.each(['DISABLED', '{"ANTHROPIC_API_KEY":""}'])(
  'a leaked key is told of until it is dead, also behind the stop %s, and no mail leads back to it',
  async (stop) => {
    testKey = await TestKey.build();
    const leaked = await testKey.promoteFirstKey();
    await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
    await testKey.edit(stop);
    await testKey.days(3);
    expect(testKey.told.filter((kind) => kind === 'contained').length).toBeGreaterThan(2);
    const stopped = testKey.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'not-a-key');
    expect(stopped).not.toEqual([]);
    for (const { body } of stopped) expect(body).not.toContain('go back to it');
    testKey.sandbox.anthropic.disable(leaked);
    const before = testKey.mails.length;
    await testKey.days(14);
    expect(testKey.told.slice(before)).not.toContain('contained');
  },
);

test('so is one that was refused when it was handed in', async () => {
  testKey = await TestKey.build();
  await testKey.promoteFirstKey();
  const refused = testKey.newKey();
  testKey.sandbox.anthropic.trouble('permission', { key: refused });
  await testKey.submit(refused);
  expect(testKey.told.at(-1)).toBe('rejected');
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(refused) });
  await testKey.days(3);
  expect(testKey.told.filter((kind) => kind === 'contained')).toHaveLength(3);
  testKey.sandbox.anthropic.disable(refused);
  await testKey.days(3);
  expect(testKey.told.at(-1)).toBe('rotation-complete');
});

test('a key that is reported as leaked while it waits to be tested never becomes live', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const leaked = testKey.newKey();
  const recover = testKey.sandbox.anthropic.trouble('rate-limit', { key: leaked });
  await testKey.submit(leaked);
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  recover();
  await testKey.days(2);
  expect([testKey.live, testKey.waiting]).toEqual([first, '']);
  expect(testKey.told).toContain('rejected');
  expect(testKey.told.at(-1)).toBe('contained');
  await testKey.submit(testKey.newKey());
  const before = testKey.mails.length;
  await testKey.days(8);
  expect(testKey.told.slice(before)).toContain('contained');
  expect(testKey.retiring.map(({ key }) => key)).toContain(leaked);
});

test('the grace of an old key ends with the report of its leak', async () => {
  testKey = await TestKey.build();
  const leaked = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  testKey.sandbox.anthropic.trouble('overloaded', { key: leaked });
  await testKey.days(1.25);
  expect(testKey.told.at(-1)).toBe('unproven');
});

test('ending its grace once more leaves its mark on it', async () => {
  testKey = await TestKey.build();
  const leaked = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  const { labels } = testKey.secret.versions.find(({ labels }) =>
    labels.some((each) => each.startsWith('LEAKED')),
  )!;
  await testKey.command({ verb: 'retire-now' });
  await testKey.command({ verb: 'extend', hoursFromNow: 0 });
  expect(testKey.isLeaked(leaked)).toBe(true);
  await expect(testKey.command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
  await testKey.after(1);
  expect(testKey.secret.versions.map((version) => version.labels)).toContainEqual(labels);
});

test('a reported leak is one although all memory is deleted', async () => {
  testKey = await TestKey.build();
  const leaked = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  await testKey.forgetEverything();
  await expect(testKey.command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
  await testKey.after(1);
  expect(testKey.told.at(-1)).toBe('contained');
});

test('a bad edit over a leaked key is not undone, and its mail does not offer to', async () => {
  testKey = await TestKey.build();
  const leaked = await testKey.promoteFirstKey();
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  await testKey.edit(leaked.slice(0, 40));
  await testKey.days(1);
  expect(testKey.live).toBe(leaked.slice(0, 40));
  const mail = testKey.mails.findLast(
    ({ attributes }) => attributes?.kind?.StringValue === 'direct-edit-refused',
  )!;
  expect(mail.body.replace(/\s+/g, ' ')).toContain('was reported as leaked');
  expect(mail.body.replace(/\s+/g, ' ')).not.toContain('go back to it');
});

test('a report is taken back by switching the key on, also where that was done and not remembered', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const key = await testKey.promoteFirstKey();
  await contain(key);
  const recover = testKey.sandbox.aws.faults.on(
    { service: 'secretsmanager', operation: 'TagResource', times: Number.POSITIVE_INFINITY },
    { kind: 'error', code: 'InternalServiceError', message: 'no', status: 500 },
  );
  await expect(testKey.admin({ verb: 'reactivate', key })).rejects.toThrow();
  recover();
  expect(status(key)).toBe('active');
  await testKey.command({ verb: 'withdraw-leak', fingerprint: fingerprint(key) });
  expect(await testKey.admin({ verb: 'reactivate', key })).toMatchObject({ outcome: 'already-done' });
  const before = testKey.mails.length;
  await testKey.days(3);
  expect(testKey.told.slice(before)).not.toContain('contained');
  testKey.sandbox.anthropic.disable(key);
  await testKey.after(1);
  expect(testKey.mails.at(-1)!.subject).not.toContain('on purpose');
});

test('the only key of an environment, switched off for its leak, is dead by its record in two runs', async () => {
  testKey = await TestKey.build({ adminAccess: true });
  const leaked = await testKey.promoteFirstKey();
  await contain(leaked);
  await testKey.check();
  expect(testKey.told).not.toContain('dead');
  await testKey.days(1, 12);
  expect(testKey.told).toContain('dead');
  expect(testKey.mails.at(-1)!.body.replace(/\s+/g, ' ')).toContain(
    'its record there said inactive in two runs',
  );
});

test('the label of a leak goes along where the same key is written again', async () => {
  testKey = await TestKey.build();
  const leaked = testKey.newKey();
  testKey.sandbox.anthropic.disable(leaked);
  await testKey.edit(leaked);
  await testKey.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  await testKey.edit(leaked);
  await testKey.after(1);
  expect(testKey.at('LEAKED')).toBe(testKey.at('AWSCURRENT'));
  expect(testKey.retiring).toEqual([]);
});
