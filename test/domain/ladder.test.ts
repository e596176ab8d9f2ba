import { countdownRung, rungOf } from '../../lib/domain/findings/repeat';

test.each([
  ['awaiting-first-key', [0, 1, 2, 3, 6, 7, 13, 14, 21], ['0', '1', '1', '3', '3', '7', '7', '14', '21']],
  ['overdue', [0, 2, 3, 9, 10, 17, 24], ['0', '0', '3', '3', '10', '17', '24']],
  ['zombie', [0, 1, 2, 3, 8, 9, 16], ['0', '1', '2', '2', '2', '9', '16']],
  ['dead', [0, 1, 5, 30], ['0', '1', '5', '30']],
  ['rotated', [0, 40], ['0', '0']],
] as const)('%s climbs its ladder', (kind, days, rungs) => {
  expect(days.map((day) => rungOf(kind, day))).toEqual(rungs);
});

test.each([
  [15, undefined],
  [14, '14'],
  [8, '14'],
  [7, '7'],
  [2, '7'],
  [1, '1'],
  [0, '1'],
])('%i days before the end the countdown stands at %s', (daysLeft, rung) => {
  expect(countdownRung([14, 7, 1], daysLeft)).toBe(rung);
});
