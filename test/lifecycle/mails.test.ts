import { FAULT } from '../../local/aws';
import { House } from './house';

jest.setTimeout(120_000);

let house: House;
afterEach(() => house.close());

const kinds = (kind: string) => house.told.filter((told) => told === kind).length;

test('a hundred checks in a row send one mail', async () => {
  house = await House.build();
  const key = await house.moveIn();
  house.stage.anthropic.disable(key);
  for (let check = 0; check < 100; check++) await house.check();
  expect(kinds('dead')).toBe(1);
});

test('a topic that refuses for three days gets everything afterwards, once', async () => {
  house = await House.build();
  await house.moveIn();
  const takeAway = house.stage.aws.faults.on(
    { service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY },
    FAULT.unavailable,
  );
  await house.submit(house.newKey());
  await house.days(3);
  expect(house.told).toEqual(['rotated']);
  expect(house.stage.environment('prod').telemetry.total('NoticeNotDelivered')).toBeGreaterThan(0);
  takeAway();
  await house.days(0.5);
  expect(house.told).toEqual(['rotated', 'rotated', 'zombie']);
});

test('a key’s last label stays while nobody could be told that it is dead', async () => {
  house = await House.build();
  const first = await house.moveIn();
  await house.submit(house.newKey());
  house.stage.aws.sns.unsubscribe('platform@example.com');
  house.stage.anthropic.disable(first);
  await house.days(2);
  expect(house.retiring).toHaveLength(1);
});

test('no death is proven while the new key does not answer', async () => {
  house = await House.build();
  const first = await house.moveIn();
  const second = house.newKey();
  await house.submit(second);
  house.stage.anthropic.disable(first);
  house.stage.anthropic.disable(second);
  await house.days(1);
  expect(house.told).not.toContain('rotation-complete');
  expect(house.retiring).toHaveLength(1);
});

test('a bad state that ends is told as resolved, once', async () => {
  house = await House.build();
  const key = await house.moveIn();
  house.stage.anthropic.disable(key);
  await house.after(1);
  house.stage.anthropic.enable(key);
  await house.days(2);
  expect(house.told).toEqual(['rotated', 'dead', 'resolved']);
});

test('forgetting everything repeats a mail at most, moves no label and makes no key younger', async () => {
  house = await House.build();
  await house.moveIn();
  await house.days(76, 24);
  await house.submit(house.newKey());
  await house.days(100, 24);
  const [labels, told] = [JSON.stringify(house.secret.versions), house.told.length];
  await house.forgetEverything();
  await house.check();
  await house.check();
  expect(JSON.stringify(house.secret.versions)).toBe(labels);
  const repeated = house.told.slice(told);
  expect(repeated).toContain('overdue');
  expect(new Set(repeated).size).toBe(repeated.length);
});

describe('how many mails a key costs', () => {
  test('a clean cycle, from one rotation to the next', async () => {
    house = await House.build();
    const old = await house.moveIn();
    await house.days(77);
    const before = house.told.length;
    await house.submit(house.newKey());
    for (let day = 0; day < 90 && kinds('due') < 2; day++) {
      await house.days(1);
      if (house.told.at(-1) === 'grace-over') house.stage.anthropic.disable(old);
    }
    const mails = house.told.slice(before);
    console.info(`A clean cycle of a 90-day key: ${mails.length} mails (${mails.join(', ')})`);
    expect(mails.length).toBeLessThanOrEqual(5);
  });

  test('120 days of neglect', async () => {
    house = await House.build();
    await house.check();
    await house.moveIn();
    await house.days(120);
    console.info(`120 days of neglect: ${house.told.length} mails (${house.told.join(', ')})`);
    expect(house.told.length).toBeLessThanOrEqual(12);
    expect(house.told.filter((kind) => kind === 'due')).toHaveLength(3);
    expect(house.told.filter((kind) => kind === 'overdue')).toHaveLength(5);
  });
});
