import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket, type Course, play, seeded } from '../../bench/due-at-once/engine';
import { type Outcome, quantile, type Scenario, simulate, spread } from '../../bench/due-at-once/simulate';
import { ROOT } from '../root';

test('courses go on side by side, in the order of their time', () => {
  const seen: string[] = [];
  function* course(name: string, ...pauses: number[]): Course {
    for (const pause of pauses) {
      const now: number = yield pause;
      seen.push(`${name} ${now}`);
    }
  }
  play([course('a', 10, 10), course('b', 5, 10, 10), course('none')]);
  expect(seen).toEqual(['b 5', 'a 10', 'b 15', 'a 20', 'b 25']);
});

test('a bucket refuses what comes too fast, and says when to come again', () => {
  const bucket = new Bucket(2);
  expect([0, 0, 0, 250, 500, 500].map((now) => bucket.take(now))).toEqual([0, 0, 500, 250, 0, 500]);
});

test('a full bucket holds no more than its depth', () => {
  const bucket = new Bucket(1, 3);
  expect([60_000, 60_000, 60_000, 60_000].map((now) => bucket.take(now))).toEqual([0, 0, 0, 1000]);
});

test('random numbers repeat with their seed, and lie between 0 and 1', () => {
  const [one, same, other] = [seeded(1), seeded(1), seeded(2)];
  const numbers = Array.from({ length: 1000 }, one);
  expect(Array.from({ length: 1000 }, same)).toEqual(numbers);
  expect(other()).not.toBe(numbers[0]);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
});

test.each([
  ['rate(1 hour)', 15, 60],
  ['rate(15 minutes)', 3, 15],
  ['rate(5 minutes)', 1, 5],
  ['cron(0 6 * * ? *)', 15, 1440],
])('%s is spread over %d minutes, and comes again after %d', (expression, window, period) => {
  expect(spread(expression)).toEqual({ window, period });
});

const usual: Scenario = {
  keys: 300,
  checkEvery: 'rate(1 hour)',
  requestsPerMinute: 1000,
  concurrency: 1000,
  periods: 2,
  seed: 1,
};

const outcomes = new Map<string, Outcome>();
/** Each scenario is played once. */
function outcomeOf(change: Partial<Scenario>): Outcome {
  const scenario = { ...usual, ...change };
  const asked = JSON.stringify(scenario);
  const outcome = outcomes.get(asked) ?? simulate(scenario);
  outcomes.set(asked, outcome);
  return outcome;
}

test('with room everywhere, every check of every key has its verdict at once', () => {
  const { delays, ...rest } = outcomeOf({});
  expect(rest).toEqual({
    starved: 0,
    rateLimited: 0,
    throttled: 0,
    failed: 0,
    undelivered: 0,
    concurrent: expect.any(Number),
  });
  expect(delays).toHaveLength(600);
  expect(quantile(delays, 1)).toBeLessThan(3000);
});

test('the same seed gives the same outcome, another one another', () => {
  expect(simulate(usual)).toEqual(outcomeOf({}));
  expect(outcomeOf({ seed: 2 }).delays).not.toEqual(outcomeOf({}).delays);
});

test('where Anthropic takes fewer probes than keys are due, the others starve, and no check fails', () => {
  const { starved, rateLimited, failed, undelivered } = outcomeOf({ requestsPerMinute: 5 });
  // A quarter of an hour takes 75.
  expect(starved).toBeGreaterThan(200);
  expect(rateLimited).toBeGreaterThan(300);
  expect([failed, undelivered]).toEqual([0, 0]);
});

test('with one Lambda environment, checks wait for each other and none is lost', () => {
  const { starved, concurrent, delays } = outcomeOf({ concurrency: 1 });
  expect({ starved, concurrent }).toEqual({ starved: 0, concurrent: 1 });
  expect(quantile(delays, 0.99)).toBeGreaterThan(3000);
});

test('with hardly any Lambda, checks are given up after an hour, and are counted as starved', () => {
  const { starved, undelivered } = outcomeOf({ keys: 5000, concurrency: 1, periods: 1 });
  expect(undelivered).toBeGreaterThan(0);
  expect(starved).toBe(undelivered);
});

test('where Secrets Manager throttles, a check ends in an error, and Lambda runs it again', () => {
  const { throttled, failed, starved } = outcomeOf({
    keys: 6000,
    checkEvery: 'rate(5 minutes)',
    requestsPerMinute: 60_000,
    periods: 1,
  });
  expect(throttled).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);
  expect(starved).toBeLessThan(failed);
});

test('docs/several-accounts.md says how many probes a minute a fleet sends', () => {
  const page = readFileSync(join(ROOT, 'docs/several-accounts.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(rate\(.+\))` \| (\d+) minutes? \| ([\d,]+) \| ([\d,]+) \|$/gm)];
  const number = (text = '') => Number(text.replace(',', ''));
  expect(rows).toHaveLength(3);
  for (const [, checkEvery = '', minutes, thousand, tenThousand] of rows) {
    const { window } = spread(checkEvery);
    expect(number(minutes)).toBe(window);
    expect(number(thousand)).toBe(Math.round(1000 / window));
    expect(number(tenThousand)).toBe(Math.round(10_000 / window));
  }
});
