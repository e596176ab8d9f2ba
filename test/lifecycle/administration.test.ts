import { ApiKey } from '../../lib/domain/key';
import { House, Street } from './house';

jest.setTimeout(60_000);

const fingerprint = (key: string) => new ApiKey(key).fingerprint;
const automatic = { adminAccess: true, policy: { deactivate: 'automatic' as const } };

let house: House;
afterEach(() => house?.close());

const deactivate = (key: string, order?: object) => house.admin({ verb: 'deactivate', key, order });

test('a key that is live in another managed secret is never switched off by a machine, nor as a retired one by a human', async () => {
  const street = await Street.open({ adminAccess: true });
  const other = await street.house();
  house = await street.house({ deactivate: 'automatic' });
  const shared = await house.moveIn();
  await house.submit(house.newKey());
  await other.edit(shared);
  await other.check();
  await house.days(4);
  expect(house.stage.anthropic.statusOf(shared)).toBe('active');
  expect(await deactivate(shared, { kind: 'retire', reason: 'cleaning up', by: 'ada' })).toMatchObject({
    outcome: 'refused',
    guard: 'live-nowhere',
  });
});

test('the live key is switched off only to contain a leak, announced, and can be brought back', async () => {
  house = await House.build(automatic);
  const key = await house.moveIn();
  expect(await deactivate(key)).toMatchObject({ outcome: 'refused', guard: 'not-the-live-key' });
  expect(await deactivate(key, { kind: 'retire', reason: 'why not', by: 'ada' })).toMatchObject({
    outcome: 'refused',
  });
  expect(
    await deactivate(key, { kind: 'contain', reason: 'pushed to a public repository', by: 'ada' }),
  ).toMatchObject({
    outcome: 'deactivated',
  });
  expect(house.told.at(-1)).toBe('contained');
  expect(house.stage.anthropic.statusOf(key)).toBe('inactive');
  expect(await house.admin({ verb: 'reactivate', key })).toMatchObject({ outcome: 'reactivated' });
  expect(house.stage.anthropic.statusOf(key)).toBe('active');
});

test('a limit that stands against reactivating is reported as what it is', async () => {
  house = await House.build(automatic);
  const first = await house.moveIn();
  await house.submit(house.newKey());
  await house.days(3);
  house.stage.anthropic.setKeyLimit('org_api_key_limit_exceeded');
  const back = { verb: 'reactivate', secretId: house.secretName, fingerprint: fingerprint(first) };
  // The label is gone with the proof of death, but the version is still AWSPREVIOUS.
  expect(await house.stage.invoke('prod', 'admin', back)).toMatchObject({
    outcome: 'refused',
    guard: 'limit-reached',
  });
});

test('nothing is switched off before its grace is over, outside working hours, or while the new key is not alive', async () => {
  house = await House.build({
    ...automatic,
    policy: {
      ...automatic.policy,
      workingHours: { days: [1, 5], hours: [9, 17], timeZone: 'Europe/Berlin' },
    },
  });
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'grace-over' });
  house.stage.anthropic.disable(second);
  await house.after(49);
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'new-key-alive' });
  house.stage.anthropic.enable(second);
  house.stage.clock.set(new Date('2026-11-28T12:00:00Z'));
  expect(await deactivate(first)).toMatchObject({ outcome: 'refused', guard: 'working-hours' });
  house.stage.clock.set(new Date('2026-11-30T12:00:00Z'));
  expect(await deactivate(first)).toMatchObject({ outcome: 'deactivated' });
});

test('at most three keys are switched off within an hour', async () => {
  const street = await Street.open({ adminAccess: true });
  const rows = await street.pastGrace(4);
  house = rows[0]!.house;
  for (const each of rows) await each.house.check();
  const off = () => rows.filter(({ old }) => house.stage.anthropic.statusOf(old) === 'inactive').length;
  expect(off()).toBe(3);
  house.stage.clock.advance(61 * 60_000);
  for (const each of rows) await each.house.check();
  expect(off()).toBe(4);
});

test('without a notice nothing is switched off, except to contain a leak', async () => {
  house = await House.build({ ...automatic, listens: false });
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  await house.days(3);
  expect(house.stage.anthropic.statusOf(first)).toBe('active');
  await deactivate(second, { kind: 'contain', reason: 'leaked', by: 'ada' });
  expect(house.stage.anthropic.statusOf(second)).toBe('inactive');
});

test('what the Admin API knows of a key is found: its true age, its expiry, its owner and a spike', async () => {
  house = await House.build({ adminAccess: true });
  const expiresAt = new Date(house.stage.clock.now().getTime() + 10 * 86_400_000);
  const { value } = house.stage.anthropic.createKey({
    workspace: house.workspace,
    personal: true,
    expiresAt,
  });
  await house.check();
  house.stage.clock.advance(3_600_000);
  await house.submit(value);
  await house.after(1);
  expect(house.told).toEqual(['awaiting-first-key', 'rotated', 'expires-soon', 'dies-with-its-owner']);
  for (let hour = 30; hour >= 1; hour--) {
    const at = new Date(house.stage.clock.now().getTime() - hour * 3_600_000);
    house.stage.anthropic.recordUsage(value, { at, requests: 20 });
  }
  await house.days(1);
  house.stage.anthropic.recordUsage(value, { at: house.stage.clock.now(), requests: 5_000 });
  await house.days(2);
  expect(house.told).toContain('usage-spike');
});

test('two operators who submit at once lose neither key', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const [ada, bob] = [house.newKey(), house.newKey()];
  await house.put(ada);
  await house.put(bob);
  await house.days(1);
  expect(house.live).toBe(bob);
  const labelled = [first, ada];
  expect(house.retiring.map(({ key }) => key).sort()).toEqual(labelled.sort());
});
