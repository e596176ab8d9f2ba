import { ApiKey } from '../../lib/domain/key';
import { METRIC } from '../../lib/domain/metrics';
import { House } from './house';

jest.setTimeout(60_000);

let house: House;
afterEach(() => house?.close());

const fingerprint = (key: string) => new ApiKey(key).fingerprint;
const order = { kind: 'contain', reason: 'pushed to a public repository', by: 'ada' };
const contain = (key: string) => house.admin({ verb: 'deactivate', key, order });
const status = (key: string) => house.stage.anthropic.statusOf(key);

test('without Admin access a leaked key is told of until it is dead, and gets no grace', async () => {
  house = await House.build();
  const leaked = await house.moveIn();
  await house.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  expect(house.told.at(-1)).toBe('contained');
  expect(house.mails.at(-1)!.subject).toContain('LEAKED KEY STILL WORKS');
  await house.days(2);
  expect(house.told.filter((kind) => kind === 'contained')).toHaveLength(3);
  await house.submit(house.newKey());
  await house.after(1);
  const rotated = house.mails.findLast(({ attributes }) => attributes?.kind?.StringValue === 'rotated')!;
  expect(rotated.subject).not.toContain('is kept until');
  expect(rotated.body).not.toMatch(/rollback|extend/);
  expect(house.retiring[0]!.until.getTime()).toBeLessThanOrEqual(house.stage.clock.now().getTime());
  await expect(house.command({ verb: 'roll-back' })).rejects.toThrow('reported as leaked');
  house.stage.anthropic.disable(leaked);
  await house.after(1);
  expect(house.told.at(-1)).toBe('rotation-complete');
  expect(house.mails.at(-1)!.body).toContain('Never switch the old key on again');
  const { telemetry } = house.stage.environment('prod');
  const before = telemetry.total(METRIC.keyZombie);
  expect(before).toBeGreaterThan(0);
  await house.after(1);
  expect(telemetry.total(METRIC.keyZombie)).toBe(before);
});

test('a contained live key is not told of as dead without a reason', async () => {
  house = await House.build({ adminAccess: true });
  const leaked = await house.moveIn();
  await contain(leaked);
  await house.days(2);
  expect(house.told.filter((kind) => kind === 'contained')).toHaveLength(1);
  const dead = house.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'dead');
  expect(dead).toHaveLength(1);
  expect(dead[0]!.subject).toContain('switched off on purpose');
});

test.each([
  [
    'the usage report is down',
    () => house.stage.anthropic.script('api-error', { path: '/v1/organizations/analytics/usage' }),
  ],
  [
    'the fleet cannot be listed',
    () => house.refuse('ListSecrets', { code: 'ThrottlingException', message: 'Rate exceeded' }),
  ],
  ['no tag can be written', () => house.fillTags()],
  [
    'mail is down',
    () =>
      house.stage.aws.faults.on(
        { service: 'sns', operation: 'Publish', times: 100 },
        { kind: 'error', code: 'InternalErrorException', message: 'no' },
      ),
  ],
])('a leak is contained although %s', async (_, spoil) => {
  house = await House.build({ adminAccess: true });
  const leaked = await house.moveIn();
  await spoil();
  await contain(leaked).catch(() => {});
  expect(status(leaked)).toBe('inactive');
});

test.each(['DISABLED', '{"ANTHROPIC_API_KEY":""}'])(
  'so is one whose service was stopped with %s first',
  async (stop) => {
    house = await House.build({ adminAccess: true });
    const leaked = await house.moveIn();
    await house.edit(stop);
    await house.after(1);
    expect(await contain(leaked)).toMatchObject({ outcome: 'deactivated' });
    expect(status(leaked)).toBe('inactive');
  },
);

test('and one that waits to be tested', async () => {
  house = await House.build({ adminAccess: true });
  await house.moveIn();
  const leaked = house.newKey();
  house.stage.anthropic.trouble('rate-limit', { key: leaked });
  await house.submit(leaked);
  expect(await contain(leaked)).toMatchObject({ outcome: 'deactivated' });
});

test('a key that is switched on again has a deadline, is not switched off at once, and is no leak any more', async () => {
  house = await House.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const first = await house.moveIn();
  await house.submit(house.newKey());
  await house.days(3);
  expect(house.told).toContain('rotation-complete');
  await house.command({ verb: 'extend', fingerprint: fingerprint(first), hoursFromNow: 48 });
  expect(await house.admin({ verb: 'reactivate', key: first })).toMatchObject({ outcome: 'reactivated' });
  await house.days(1);
  expect(status(first)).toBe('active');
  expect(house.retiring.map(({ key }) => key)).toEqual([first]);
  await house.command({ verb: 'roll-back' });
  expect(house.live).toBe(first);
});

test('every mail can be looked up by its id', async () => {
  house = await House.build({ adminAccess: true });
  const leaked = await house.moveIn();
  await contain(leaked);
  await house.after(1);
  const ids = house.mails.map(({ body }) => /AKR-\w{4}-\w{4}/.exec(body)![0]);
  const sent = house.secret.tags['anthropic-key-state:checked'];
  for (const id of ids) expect(sent).toContain(id.slice('AKR-'.length));
});

test.each(['DISABLED', '{"ANTHROPIC_API_KEY":""}'])(
  'a leaked key is told of until it is dead, also behind the stop %s, and no mail leads back to it',
  async (stop) => {
    house = await House.build();
    const leaked = await house.moveIn();
    await house.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
    await house.edit(stop);
    await house.days(3);
    expect(house.told.filter((kind) => kind === 'contained').length).toBeGreaterThan(2);
    const stopped = house.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'not-a-key');
    expect(stopped).not.toEqual([]);
    for (const { body } of stopped) expect(body).not.toContain('go back to it');
    house.stage.anthropic.disable(leaked);
    const before = house.mails.length;
    await house.days(14);
    expect(house.told.slice(before)).not.toContain('contained');
  },
);

test('so is one that was refused when it was handed in', async () => {
  house = await House.build();
  await house.moveIn();
  const refused = house.newKey();
  house.stage.anthropic.trouble('permission', { key: refused });
  await house.submit(refused);
  expect(house.told.at(-1)).toBe('rejected');
  await house.command({ verb: 'report-leak', fingerprint: fingerprint(refused) });
  await house.days(3);
  expect(house.told.filter((kind) => kind === 'contained')).toHaveLength(3);
  house.stage.anthropic.disable(refused);
  await house.days(3);
  expect(house.told.at(-1)).toBe('rotation-complete');
});

test('a key that is reported as leaked while it waits to be tested never becomes live', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const leaked = house.newKey();
  const recover = house.stage.anthropic.trouble('rate-limit', { key: leaked });
  await house.submit(leaked);
  await house.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  recover();
  await house.days(2);
  expect([house.live, house.waiting]).toEqual([first, '']);
  expect(house.told).toContain('rejected');
  expect(house.told.at(-1)).toBe('contained');
  await house.submit(house.newKey());
  const before = house.mails.length;
  await house.days(8);
  expect(house.told.slice(before)).toContain('contained');
  expect(house.retiring.map(({ key }) => key)).toContain(leaked);
});

test('a bad edit over a leaked key is not undone, and its mail does not offer to', async () => {
  house = await House.build();
  const leaked = await house.moveIn();
  await house.command({ verb: 'report-leak', fingerprint: fingerprint(leaked) });
  await house.edit(leaked.slice(0, 40));
  await house.days(1);
  expect(house.live).toBe(leaked.slice(0, 40));
  const mail = house.mails.findLast(
    ({ attributes }) => attributes?.kind?.StringValue === 'direct-edit-refused',
  )!;
  expect(mail.body).toContain('was reported as leaked');
  expect(mail.body).not.toContain('go back to it');
});

test('a report is taken back by switching the key on, also where that was done and not remembered', async () => {
  house = await House.build({ adminAccess: true });
  const key = await house.moveIn();
  await contain(key);
  const recover = house.stage.aws.faults.on(
    { service: 'secretsmanager', operation: 'TagResource', times: Number.POSITIVE_INFINITY },
    { kind: 'error', code: 'InternalServiceError', message: 'no', status: 500 },
  );
  await expect(house.admin({ verb: 'reactivate', key })).rejects.toThrow();
  recover();
  expect(status(key)).toBe('active');
  expect(await house.admin({ verb: 'reactivate', key })).toMatchObject({ outcome: 'already-done' });
  const before = house.mails.length;
  await house.days(3);
  expect(house.told.slice(before)).not.toContain('contained');
  house.stage.anthropic.disable(key);
  await house.after(1);
  expect(house.mails.at(-1)!.subject).not.toContain('on purpose');
});
