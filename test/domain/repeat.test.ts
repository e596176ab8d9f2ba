import { rowOf } from '../../lib/domain/findings/catalogue';
import {
  countdown,
  DAILY,
  ONCE,
  PATIENT,
  type Repeat,
  repeatInWords,
  URGENT,
} from '../../lib/domain/findings/repeat';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aNoticeContext, daysAgo, NOW } from '../builders';

test.each([
  ['awaiting-first-key', [0, 1, 2, 3, 6, 7, 13, 14, 21], ['0', '1', '1', '3', '3', '7', '7', '14', '21']],
  ['overdue', [0, 2, 3, 9, 10, 17, 24], ['0', '0', '3', '3', '10', '17', '24']],
  ['zombie', [0, 1, 2, 3, 8, 9, 16], ['0', '1', '2', '2', '2', '9', '16']],
  ['dead', [0, 1, 5, 30], ['0', '1', '5', '30']],
  ['rotated', [0, 40], ['0', '0']],
] as const)('%s is reported on its days', (kind, days, reminders) => {
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

test.each<[Repeat, string]>([
  [ONCE, 'once'],
  [DAILY, 'every day'],
  [PATIENT, 'after three days, then every week'],
  [URGENT, 'every day for three days, then every week'],
  [{ days: [0, 1, 3, 7], every: 7 }, 'after 1, 3 and 7 days, then every week'],
  [{ days: [0, 1], every: 2 }, 'after one day, then every two days'],
  [{ days: [0], every: 30 }, 'every 30 days'],
  [{ days: [0, 14], every: 0 }, 'after 14 days'],
])('%j is said as "%s"', (repeat, words) => {
  expect(repeatInWords(repeat)).toBe(words);
});

test.each([
  ['awaiting-first-key', 'repeats after 1, 3 and 7 days, then every week.'],
  ['dead', 'repeats every day.'],
  ['overdue', 'repeats after three days, then every week.'],
  ['zombie', 'repeats every day for three days, then every week.'],
  ['contained', 'repeats every day for three days, then every week, until the key is dead.'],
  ['dies-with-its-owner', 'is sent once;'],
] as const)('the mail of %s says how often its row repeats it', (kind, words) => {
  expect(renderNotice(aNoticeContext(), aFinding(kind)).text.replace(/\s+/g, ' ')).toContain(
    `This mail ${words}`,
  );
});
