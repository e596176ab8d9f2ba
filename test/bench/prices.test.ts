import { dollars, type Units, unitsOfFleet } from '../../bench/cost/bill';
import { sumOf, type Usage } from '../../bench/cost/counted';
import { costOf, PRICES, type Price } from '../../bench/prices';

test.each<[string, number, number]>([
  ['a secret', costOf('secret', 20), 8],
  ['calls, for ten thousand', costOf('secretCalls', 20_000), 0.1],
  ['invocations without a free tier', costOf('invocations', 1_500_000), 0.3],
  ['invocations beyond the free ones', costOf('invocations', 1_500_000, true), 0.1],
  ['fewer than the free ones', costOf('invocations', 999_999, true), 0],
  ['what is never free', costOf('secret', 1, true), 0.4],
  ['a probe of ten tokens and one', dollars({ haikuInput: 10, haikuOutput: 1 }), 0.0000015],
  ['nothing', dollars({}), 0],
  ['only what is named', dollars({ secret: 1, alarms: 10 }, ['alarms']), 1],
])('%s', (_, cost, expected) => {
  expect(cost).toBeCloseTo(expected, 10);
});

test('the free tier is given once for a whole fleet, not for each of its keys', () => {
  const perKey: Units = { schedules: 1_000_000 };
  const fleet = unitsOfFleet(20, perKey, { alarms: 27 });
  expect(fleet).toEqual({ schedules: 20_000_000, alarms: 27 });
  expect(dollars(fleet, undefined, true)).toBeCloseTo(6 + 1.7);
});

test('a rotation is what its days used, less what these days use anyway', () => {
  const of = (publishes: number): Usage => ({ ...sumOf(), publishes });
  expect(sumOf([1, of(10)], [-3, of(1)], [-1, of(2)])).toEqual(of(5));
});

test.each(Object.entries<Price>(PRICES))('%s has a source, and a unit that costs something', (_, price) => {
  expect(price.source).toMatch(/^https:\/\/(aws\.amazon\.com|platform\.claude\.com)\//);
  expect(price.usd / price.per).toBeGreaterThan(0);
});
