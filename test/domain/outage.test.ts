import { isOutage } from '../../lib/domain/fleet/fleet';
import { aPolicy, aRememberedVerdict, daysAgo } from '../builders';

const aListedKey = (unknownSince?: Date, checkEvery = 'rate(1 hour)') => ({
  policy: aPolicy({ checkEvery }),
  memory: { notices: {}, refused: [], timeline: {}, verdict: aRememberedVerdict({ unknownSince }) },
});
const silent = (checkEvery?: string) => aListedKey(daysAgo(2), checkEvery);
const answered = (checkEvery?: string) => aListedKey(undefined, checkEvery);
const unchecked = { policy: aPolicy(), memory: { notices: {}, refused: [], timeline: {} } };

test.each([
  ['all of three', [silent(), silent(), silent()], true],
  ['all of two: each is told of', [silent(), silent()], false],
  ['three of five', [silent(), silent(), silent(), answered(), answered()], true],
  ['three of six', [silent(), silent(), silent(), answered(), answered(), answered()], false],
  [
    'three, and many that wait for their first key',
    [silent(), silent(), silent(), ...Array(9).fill(unchecked)],
    true,
  ],
  [
    'most keys, and few checks: the alarm does not see it',
    [silent(), silent(), silent(), answered('rate(5 minutes)')],
    false,
  ],
])('%s without an answer', (_, keys, outage) => {
  expect(isOutage(keys)).toBe(outage);
});
