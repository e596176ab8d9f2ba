import { rowOf } from '../../lib/domain/findings/catalogue';
import { countdown } from '../../lib/domain/findings/repeat';
import { daysAgo, NOW } from '../builders';

test.each([
  ['awaiting-first-key', [0, 1, 2, 3, 6, 7, 13, 14, 21], ['0', '1', '1', '3', '3', '7', '7', '14', '21']],
  ['overdue', [0, 2, 3, 9, 10, 17, 24], ['0', '0', '3', '3', '10', '17', '24']],
  ['zombie', [0, 1, 2, 3, 8, 9, 16], ['0', '1', '2', '2', '2', '9', '16']],
  ['dead', [0, 1, 5, 30], ['0', '1', '5', '30']],
  ['rotated', [0, 40], ['0', '0']],
] as const)('%s climbs its ladder', (kind, days, reminders) => {
  expect(days.map((day) => rowOf(kind).reminderAt(daysAgo(day), NOW))).toEqual(reminders);
});

test.each([
  [15, undefined],
  [14, '14'],
  [8, '14'],
  [7, '7'],
  [2, '7'],
  [1, '1'],
  [0, '1'],
])('%i days before the end the countdown stands at %s', (daysLeft, reminder) => {
  expect(countdown([14, 7, 1], daysLeft)).toBe(reminder);
});
