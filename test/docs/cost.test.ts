import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Costs, measureCosts, monthly, probeCost, writeInto } from '../../bench/cost/page';
import { ROOT } from '../root';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

let costs: Costs;

beforeAll(async () => {
  costs = await measureCosts();
});

test('docs/cost.md says what is counted today: `npm run cost` writes it', () => {
  const page = read('docs/cost.md');
  expect(page).toBe(writeInto(page, costs));
});

test('a page without its marks is refused instead of written over', () => {
  expect(() => writeInto('# What it costs\n', costs)).toThrow('lost its marks');
});

test('every page that names the cost of 20 keys names the same', () => {
  const dollars = `$${Math.round(monthly(20, costs.hourly, costs.environment))}`;
  const pages = ['docs/cost.md', 'docs/faq.md', 'docs/README.md'].map(read);
  for (const page of pages) expect(page).toMatch(new RegExp(`about \\${dollars} a month for 20 keys`, 'i'));
});

test('the page on Anthropic names the cost of a probe that is calculated', () => {
  expect(read('docs/anthropic.md')).toContain(`about $${probeCost.first.toFixed(7)} `);
  expect(read('docs/cost.md')).toContain(`about $${probeCost.second.toFixed(6)} each`);
});

test('a check more costs as much as the one before it: three calls and one probe', () => {
  const { hourly, quarterHourly } = costs;
  const checks = (30 * 24 * 60) / quarterHourly.every - (30 * 24 * 60) / hourly.every;
  const rotation = (usage: typeof hourly) => usage.rotation.secretCalls / 3;
  const more = quarterHourly.perKey.secretCalls - rotation(quarterHourly);
  const less = hourly.perKey.secretCalls - rotation(hourly);
  expect((more - less) / checks).toBeCloseTo(3);
  expect(quarterHourly.perKey.messages - hourly.perKey.messages).toBeCloseTo(checks);
});
