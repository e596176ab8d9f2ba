import { withinWorkingHours } from '../../lib/domain/policy';

const BERLIN = { days: [1, 5], hours: [9, 17], timeZone: 'Europe/Berlin' } as const;

test.each([
  ['2026-11-23T07:59:00Z', false],
  ['2026-11-23T08:00:00Z', true],
  ['2026-11-23T15:59:00Z', true],
  ['2026-11-23T16:00:00Z', false],
  ['2026-11-22T12:00:00Z', false],
  // Summer time moves the wall clock, not UTC.
  ['2026-07-20T07:00:00Z', true],
  ['2026-07-20T15:00:00Z', false],
])('%s is %s in Berlin', (now, within) => {
  expect(withinWorkingHours(BERLIN, new Date(now))).toBe(within);
});

test('no window means always', () => {
  expect(withinWorkingHours(undefined, new Date('2026-11-22T03:00:00Z'))).toBe(true);
});

const NIGHT = { days: [1, 5], hours: [22, 6], timeZone: 'Europe/Berlin' } as const;

test.each([
  ['2026-11-22T21:00:00Z', false, 'Sunday, 22:00'],
  ['2026-11-22T23:30:00Z', false, 'Monday, 0:30: the night of Sunday'],
  ['2026-11-23T20:59:00Z', false, 'Monday, 21:59'],
  ['2026-11-23T21:00:00Z', true, 'Monday, 22:00'],
  ['2026-11-24T04:59:00Z', true, 'Tuesday, 5:59'],
  ['2026-11-24T05:00:00Z', false, 'Tuesday, 6:00'],
  ['2026-11-28T04:59:00Z', true, 'Saturday, 5:59: the night of Friday'],
  ['2026-11-28T21:00:00Z', false, 'Saturday, 22:00'],
])('%s is %s in nights from Monday to Friday: %s', (now, within) => {
  expect(withinWorkingHours(NIGHT, new Date(now))).toBe(within);
});

test.each([
  ['2026-11-22T07:00:00Z', true, 'Sunday'],
  ['2026-11-26T07:00:00Z', true, 'Thursday'],
  ['2026-11-27T07:00:00Z', false, 'Friday'],
  ['2026-11-28T07:00:00Z', false, 'Saturday'],
])('%s is %s from Sunday to Thursday: %s', (now, within) => {
  const window = { days: [7, 4], hours: [8, 16], timeZone: 'Asia/Jerusalem' } as const;
  expect(withinWorkingHours(window, new Date(now))).toBe(within);
});

test('a night of Sunday ends on Monday', () => {
  const window = { days: [7, 7], hours: [22, 0], timeZone: 'UTC' } as const;
  expect(withinWorkingHours(window, new Date('2026-11-22T23:59:00Z'))).toBe(true);
  expect(withinWorkingHours(window, new Date('2026-11-23T00:00:00Z'))).toBe(false);
});
