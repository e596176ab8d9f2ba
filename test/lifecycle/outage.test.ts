import { type House, Street } from './house';

let street: Street;
let houses: readonly House[];
beforeEach(async () => {
  street = await Street.open();
  houses = await Promise.all(Array.from({ length: 4 }, () => street.house()));
  for (const house of houses) await house.moveIn();
  for (const house of houses) await house.check();
});
afterEach(() => street.close());

const told = () => houses.flatMap((house) => house.told.filter((kind) => kind !== 'rotated'));

async function hours(count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 3) {
    street.stage.clock.advance(3 * 3_600_000);
    for (const house of houses) await house.check();
  }
}

test('an outage is left to the alarm: no key is told of, neither in it nor after it', async () => {
  const recover = street.stage.anthropic.trouble('overloaded');
  await hours(96);
  expect(street.stage.environment('prod').telemetry.total('KeyUnknown')).toBeGreaterThan(100);
  recover();
  await hours(6);
  expect(told()).toEqual([]);
});

test('one key without an answer is told of, and so is its end', async () => {
  const recover = street.stage.anthropic.trouble('overloaded', { key: houses[0]!.live });
  await hours(30);
  expect(told()).toEqual(['inconclusive']);
  recover();
  await hours(3);
  expect(told()).toEqual(['inconclusive', 'resolved']);
});

test('a key that stays without an answer when the others have one again is told of', async () => {
  const [one] = houses;
  const recover = street.stage.anthropic.trouble('overloaded');
  await hours(30);
  recover();
  street.stage.anthropic.trouble('overloaded', { key: one!.live });
  await hours(6);
  expect(told()).toEqual(['inconclusive']);
});

test('where the other keys cannot be looked at, each is told of', async () => {
  street.stage.anthropic.trouble('overloaded');
  const { faults } = street.stage.aws;
  const denied = { kind: 'error', code: 'AccessDeniedException', message: 'no' } as const;
  faults.on({ operation: 'ListSecrets', times: Number.POSITIVE_INFINITY }, denied);
  await hours(30);
  expect(told()).toHaveLength(houses.length);
});
