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
