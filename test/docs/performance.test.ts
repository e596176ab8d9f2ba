import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WRITTEN, withResults } from '../../bench/pages';
import { byId, readResults } from '../../bench/results';
import { ROOT } from '../root';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/performance.md');
const results = readResults();
const measured = [...results.figures, ...results.missing];

test.each(Object.keys(WRITTEN))(
  'the figures in %s are those of bench/results.json: npm run bench',
  (file) => {
    expect(read(file)).toBe(withResults(file, results));
  },
);

test('every figure has an id of its own, and stands in order', () => {
  const ids = measured.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(results.figures).toEqual(results.figures.toSorted(byId));
  expect(ids.length).toBeGreaterThan(10);
});

const sections = [...page.matchAll(/^## (\d+)\. .+$/gm)].map(([, number]) => Number(number));

test('the page explains figures 1 to 18, and no other one was measured', () => {
  const numbers = Array.from({ length: 18 }, (_, index) => index + 1);
  expect(sections).toEqual(numbers);
  const groups = measured.map(({ id }) => /^(\d+)[a-z]?$/.exec(id)?.[1] ?? id);
  expect(groups.filter((group) => !sections.includes(Number(group)))).toEqual([]);
});

test('the page names every topic that can be measured, and the figures of all of them', () => {
  const rows = [...page.matchAll(/^\| (`[a-z`, -]+`) \| ([\d, ]+) \|$/gm)];
  const named = rows.flatMap(([, topics]) => topics!.replaceAll('`', '').split(', '));
  const there = readdirSync(join(ROOT, 'bench/figures')).map((file) => basename(file, '.ts'));
  expect(there.filter((topic) => !named.includes(topic))).toEqual([]);
  const figures = rows.flatMap(([, , numbers]) => numbers!.split(', ').map(Number));
  expect(figures.sort((a, b) => a - b)).toEqual(sections);
});

const sumsIn = (text: string) => [...text.matchAll(/\$\d+(?:\.\d+)?/g)].map(([sum]) => sum);

test('what the README says of money stands in docs/cost.md', () => {
  const [, section] = /^## What it costs.*\n([\s\S]*?)^## /m.exec(read('README.md'))!;
  const told = sumsIn(section!);
  const calculated = sumsIn(read('docs/cost.md'));
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter((sum) => !calculated.includes(sum))).toEqual([]);
});
