import { House } from './house';

jest.setTimeout(120_000);

let house: House;
afterEach(() => house.close());

test('seven days of 529 and recovery: no false death, no lost label, and the ladder goes on', async () => {
  house = await House.build();
  await house.moveIn();
  await house.days(87);
  await house.submit(house.newKey());
  const labels = () =>
    house.secret.versions
      .filter(({ labels: on }) => on.length > 0)
      .map(({ id, labels: on }) => [id, [...on].sort()]);
  const before = labels();
  const recover = house.stage.anthropic.script('overloaded', { times: Number.POSITIVE_INFINITY });
  await house.days(7);
  expect(labels()).toEqual(before);
  expect(house.told.slice(-2)).toEqual(['inconclusive', 'unproven'].sort());
  expect(house.logged('Key checked').at(-1)).toMatchObject({
    verdict: 'UNKNOWN',
    reason: 'overloaded',
    status: 529,
    requestId: expect.any(String),
  });
  expect(house.told).not.toContain('dead');
  recover();
  await house.days(1);
  expect(house.told).toContain('resolved');
  expect(house.told).toContain('zombie');
});

test.each([
  ['the end of summer time', '2026-10-20T06:00:00Z'],
  ['the start of summer time', '2027-03-20T06:00:00Z'],
  ['a leap day', '2028-02-20T06:00:00Z'],
])('an age of 90 days is 90 days over %s', async (_, start) => {
  house = await House.build({ start: new Date(start), policy: { maxAgeDays: 20, warnDays: [7, 1] } });
  await house.moveIn();
  await house.days(13, 24);
  expect(house.told.at(-1)).toBe('due');
  await house.days(6, 24);
  expect(house.told).toEqual(['rotated', 'due', 'due']);
  await house.days(1, 24);
  expect(house.told.at(-1)).toBe('overdue');
});

test('after a gap of a thousand days a key is told overdue once, on the rung it has reached', async () => {
  house = await House.build();
  await house.moveIn();
  await house.after(1000 * 24);
  await house.check();
  expect(house.told).toEqual(['rotated', 'overdue']);
  await house.days(7);
  expect(house.told.filter((kind) => kind === 'overdue')).toHaveLength(2);
});
