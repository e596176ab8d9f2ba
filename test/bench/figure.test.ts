import { type Figure, passes, rounded } from '../../bench/figure';
import { compared, median, type Run } from '../../bench/measure';
import { goalOf, inUnits, judgementOf, resultsTable } from '../../bench/pages';
import { byId } from '../../bench/results';

const aFigure = (figure: Partial<Figure> = {}): Figure => ({
  ...{ id: '1', name: 'Import', value: 1, unit: '×' },
  ...figure,
});

describe('a figure', () => {
  test.each([
    [1, { most: 1 }, true],
    [1.004, { most: 1 }, true],
    [1.006, { most: 1 }, false],
    [239.6, { most: 240 }, true],
    [240.6, { most: 240 }, false],
    [8, { least: 8 }, true],
    [7.99, { least: 8 }, false],
    [0, { most: 0 }, true],
    [5, { most: 6, least: 4 }, true],
    [3, { most: 6, least: 4 }, false],
    [Number.NaN, { most: 1 }, false],
    [1_000, undefined, undefined],
  ])('of %p, with the goal %p, passes: %p', (value, goal, expected) => {
    expect(passes(aFigure({ value, goal }))).toBe(expected);
  });

  test.each([
    [1234.5, '1,235 ms'],
    [80.96, '81 ms'],
    [1.4849, '1.48 ms'],
    [0.012345, '0.0123 ms'],
  ])('of %p is shown as %p', (value, shown) => {
    expect(inUnits(value, 'ms')).toBe(shown);
    expect(Number(shown.replace(/,| ms/g, ''))).toBeCloseTo(rounded(value), 10);
  });

  it('says its goal and its judgement as it is rounded', () => {
    const figure = aFigure({ value: 0.42, unit: '$', goal: { most: 0.45, least: 0.4 } });
    expect([goalOf(figure), judgementOf(figure)]).toEqual(['≤ $0.45, ≥ $0.4', 'pass']);
    expect(judgementOf({ ...figure, value: 0.5 })).toBe('falls short');
    expect([goalOf(aFigure()), judgementOf(aFigure())]).toEqual(['', '']);
  });
});

test('figures are in the order of their numbers', () => {
  const ids = ['10', '5b', '2', '5', '1'].map((id) => ({ id }));
  expect(ids.sort(byId).map(({ id }) => id)).toEqual(['1', '2', '5', '5b', '10']);
});

test('a median is the middle value, or lies between the two', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  expect(() => median([])).toThrow('no median');
});

describe('programs in turns', () => {
  const runs = (...walls: readonly number[]): readonly Run[] =>
    walls.map((wall) => ({ wall, cpu: wall / 2 }));

  it('are compared round by round, whatever the machine did between rounds', () => {
    expect(compared({ a: runs(10, 100, 1000), b: runs(5, 50, 500) })).toMatchObject({
      value: 2,
      note: 'By CPU time 2 ×',
    });
  });

  it('are compared without what an empty process of each takes', () => {
    const pair = { a: runs(30, 32, 34), bareA: runs(10, 12, 14), b: runs(45, 46, 47), bareB: runs(5, 6, 7) };
    expect(compared(pair).value).toBe(0.5);
  });
});

test('the table tells what was measured, its goal and what was missing', () => {
  const table = resultsTable({
    date: '2026-12-01',
    machine: {
      cpu: 'A CPU',
      cores: 2,
      memoryGB: 8,
      platform: 'linux x64',
      programs: { 'Node.js': '24.1.0' },
    },
    figures: [aFigure({ goal: { most: 1 }, note: 'either | or' })],
    missing: [{ id: '5b', name: 'bash', missing: 'No curl.' }],
  });
  expect(table.split('\n')).toEqual([
    'Measured on 2026-12-01: 2 cores (A CPU), 8 GB, linux x64, Node.js 24.1.0.',
    '',
    '| # | Figure | Measured | Goal | |',
    '|---|---|---|---|---|',
    '| 1 | Import. either \\| or | 1 × | ≤ 1 × | pass |',
    '',
    'Not measured in this run:',
    '',
    '- 5b, bash: No curl.',
  ]);
});
