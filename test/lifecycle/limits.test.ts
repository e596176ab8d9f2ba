import { House, Street } from './house';

jest.setTimeout(60_000);

let house: House;
afterEach(() => house?.close());

test('at the limit of labels a submission is refused, and the live key is still watched', async () => {
  house = await House.build();
  await house.moveIn();
  for (let i = 0; i < 14; i++) await house.submit(house.newKey());
  const refused = house.mails.filter(({ attributes }) => attributes?.kind?.StringValue === 'rejected');
  expect(refused).toHaveLength(2);
  expect(refused[0]!.body).toContain('12 old keys');
  house.stage.anthropic.disable(house.live);
  await house.after(1);
  expect(house.told.at(-1)).toBe('dead');
});

test('where no tag can be written nothing is told again at every check, and a submission is promoted all the same', async () => {
  house = await House.build();
  await house.moveIn();
  await house.after(1);
  await house.fillTags();
  const before = house.mails.length;
  const next = house.newKey();
  await house.put(next);
  for (let hour = 0; hour < 24; hour++) await house.after(1).catch(() => {});
  expect(house.live).toBe(next);
  expect(house.mails.length - before).toBeLessThanOrEqual(1);
});

test('a command of another release is refused by its name, and nothing else is done instead', async () => {
  house = await House.build();
  await house.moveIn();
  const before = house.mails.length;
  await house.edit(house.newKey());
  const request = { secretId: house.secretName, command: { verb: 'fly' } };
  await expect(house.stage.invoke('prod', 'check', request)).rejects.toThrow('has no command "fly"');
  expect(house.mails).toHaveLength(before);
});

test('an old version that may not be read any more does not end the watch over the live key', async () => {
  house = await House.build();
  await house.moveIn();
  await house.submit(house.newKey());
  await house.after(1);
  const message = "Secrets Manager can't decrypt the protected secret text using the provided KMS key.";
  house.refuse('GetSecretValue', { code: 'DecryptionFailure', message }, house.at('RETIRE_AFTER'));
  house.stage.anthropic.disable(house.live);
  await house.after(1);
  expect(house.told.at(-1)).toBe('dead');
});

test.each(['DescribeSecret', 'TagResource'])(
  'one secret on which %s is denied holds back no other one’s notice',
  async (operation) => {
    const street = await Street.open();
    const houses = [
      await street.house(),
      await street.house(),
      await street.house(),
      await street.house(),
      await street.house(),
    ];
    for (const each of houses) await each.moveIn();
    house = houses[0]!;
    house.stage.clock.set(new Date('2026-11-30T09:00:00Z'));
    for (const each of houses.slice(2)) await each.check();
    house.refuse(operation, { code: 'AccessDeniedException', message: 'no' }, house.secretName);
    await house.stage.invoke('prod', 'report', {});
    expect(houses[1]!.told).toContain('unwatched');
  },
);

test('three keys an hour are switched off, also where many checks ask at the same moment', async () => {
  const street = await Street.open({ adminAccess: true });
  const rows = await street.pastGrace(6);
  house = rows[0]!.house;
  let arrived = 0;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  // Every run has counted before any has written down what it is about to do.
  house.stage.aws.faults.on(
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
  await Promise.all(rows.map((each) => each.house.check()));
  expect(rows.filter(({ old }) => house.stage.anthropic.statusOf(old) === 'inactive')).toHaveLength(3);
});

test('a key that becomes live again while its switching off is announced stays on', async () => {
  house = await House.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const first = await house.moveIn();
  await house.submit(house.newKey());
  house.stage.clock.advance(49 * 3_600_000);
  house.stage.aws.faults.on(
    { service: 'sns', operation: 'Publish', caller: 'anthropic-keys-prod-admin' },
    {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () => void (await house.command({ verb: 'roll-back' })),
    },
  );
  expect(await house.admin({ verb: 'deactivate', key: first })).toMatchObject({
    outcome: 'refused',
    guard: 'not-the-live-key',
  });
  expect(house.live).toBe(first);
  expect(house.stage.anthropic.statusOf(first)).toBe('active');
});

test('a switching off that Anthropic refuses again and again is announced once, and not recorded as done', async () => {
  house = await House.build({
    adminAccess: true,
    policy: { deactivate: 'automatic' },
    around: (name, port) =>
      name === 'api'
        ? Object.assign(port, { setStatus: () => Promise.reject(new Error('no permission')) })
        : port,
  });
  await house.moveIn();
  await house.submit(house.newKey());
  await house.after(48);
  for (let hour = 0; hour < 12; hour++) await house.after(1);
  expect(house.told.filter((kind) => kind === 'deactivating')).toHaveLength(1);
  expect(house.secret.tags['anthropic-key-state:rotation']).not.toContain('deactivated=');
});

test('of one secret a machine switches off one old key an hour', async () => {
  house = await House.build({ adminAccess: true, policy: { deactivate: 'automatic' } });
  const old = [await house.moveIn()];
  for (let i = 0; i < 3; i++) {
    old.push(house.newKey());
    await house.submit(old.at(-1)!);
  }
  house.stage.clock.advance(49 * 3_600_000);
  const off = () => old.filter((key) => house.stage.anthropic.statusOf(key) === 'inactive').length;
  for (let tick = 0; tick < 11; tick++) await house.after(5 / 60);
  expect(off()).toBe(1);
  await house.after(1);
  expect(off()).toBe(2);
});
