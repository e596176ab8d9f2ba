import { createAdminApi } from '../../lib/adapters/anthropic-admin';
import { lastUseIn } from '../../lib/domain/console/last-use';
import { readAdminKey } from '../../lib/domain/key';
import { DAY, HOUR, plus } from '../../lib/domain/time';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

const now = new Date('2026-11-21T12:00:00Z');
const USAGE = '/v1/organizations/analytics/usage';
let clock: VirtualClock;
let fake: FakeAnthropic;

beforeEach(async () => {
  clock = new VirtualClock(now);
  fake = await startFakeAnthropic({ clock });
});
afterEach(() => fake.stop());

const lastUses = (idleDays = 30) =>
  createAdminApi({
    baseURL: fake.url,
    clock,
    credential: { adminKey: readAdminKey(fake.createAdminKey())! },
  }).lastUses(now, idleDays);
const requests = () => fake.requests.filter(({ path }) => path.startsWith(USAGE)).length;
const keyUsed = (...ages: readonly number[]) => {
  const { id } = fake.createKey();
  for (const age of ages) fake.recordUsage(id, { at: plus(now, -age * DAY), requests: 3 });
  return id;
};

test('names each key in the latest stretch in which it was used, by one request a stretch', async () => {
  const [today, lastMonth, long, never] = [keyUsed(0.1, 1, 40), keyUsed(20, 50), keyUsed(100), keyUsed()];
  const uses = await lastUses();
  if (uses.kind !== 'read') throw new Error(uses.words);
  expect(uses.stretches.map(({ used }) => used)).toEqual([[today], [], [], [], [lastMonth], [], []]);
  expect(requests()).toBe(7);
  expect(uses).toMatchObject({ from: new Date('2026-08-23T00:00:00Z'), until: plus(now, -10 * 60_000) });
  const lastUse = lastUseIn(uses, now);
  for (const id of [long, never])
    expect(lastUse({ id, createdAt: plus(now, -200 * DAY) })).toMatchObject({
      kind: 'none',
      everSince: false,
    });
});

test('costs a page for each thousand keys, however often they are used', async () => {
  for (let n = 0; n < 2_500; n++) keyUsed(2, 3, 4, 5);
  const uses = await lastUses();
  expect(uses).toMatchObject({ kind: 'read' });
  expect(requests()).toBe(7 + 2);
  if (uses.kind === 'read') expect(uses.stretches.flatMap(({ used }) => used)).toHaveLength(2_500);
});

test('a report that lags is complete only until where it says, and one that does not say is not read', async () => {
  fake.setUsageReport({ lag: 5 * HOUR });
  expect(await lastUses()).toMatchObject({ until: plus(now, -5 * HOUR) });
  fake.setUsageReport({ tellsFreshness: false });
  expect(await lastUses()).toEqual({
    kind: 'unread',
    why: 'unavailable',
    words: 'The usage report does not say how fresh it is.',
  });
});

test.each([
  [
    'permission',
    'not-permitted',
    'Anthropic does not let this credential read the usage report (status 403).',
  ],
  ['not-found', 'not-offered', 'Anthropic offers this organization no usage report (status 404).'],
] as const)('a refusal is no lack of use: %s', async (trouble, why, words) => {
  keyUsed(1);
  fake.script(trouble, { path: USAGE });
  expect(await lastUses()).toEqual({ kind: 'unread', why, words });
});

test('a failure in the middle leaves nothing half read', async () => {
  keyUsed(1);
  fake.script('overloaded', { path: USAGE, times: 3 });
  expect(await lastUses()).toMatchObject({ kind: 'unread', why: 'unavailable' });
  // It is tried again first.
  fake.script('overloaded', { path: USAGE, times: 2 });
  expect(await lastUses()).toMatchObject({ kind: 'read' });
});
