import type { ConsoleRecord } from '../../lib/domain/console/record';
import { unmatchedKeys } from '../../lib/domain/fleet/console-match';
import { fleetRowOf } from '../../lib/domain/fleet/row';
import { audienceOf } from '../../lib/domain/notices/audience';
import { isReportDay, watcherIsDown } from '../../lib/workflows/report';
import { aKeyRef, daysAgo, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';

const record = (overrides: Partial<ConsoleRecord> = {}): ConsoleRecord => ({
  id: 'apikey_1',
  name: 'key',
  status: 'active',
  createdAt: daysAgo(10),
  personal: false,
  workspaceId: 'w1',
  ...overrides,
});
const row = (overrides: Parameters<typeof aListedKey>[0] = {}) => fleetRowOf(aListedKey(overrides), NOW);

describe('keys of the Console', () => {
  const ids = (records: ConsoleRecord[], rows = [row()]) =>
    unmatchedKeys(records, rows, 'w1').keys.map(({ id }) => id);

  it('are matched by the record that a secret remembers', () => {
    const held = { ...row(), recordId: 'apikey_1' };
    expect(ids([record(), record({ id: 'apikey_2' })], [held])).toEqual(['apikey_2']);
  });

  it('are matched by the record of a key that a rollback has just left', () => {
    const left = {
      fingerprint: 'f'.repeat(12),
      id: 'apikey_1',
      personal: false,
      createdAt: NOW,
      inspectedOn: '',
    };
    expect(ids([record()], [row({ memory: aMemory({ record: left }) })])).toEqual([]);
  });

  it('are matched by the short form of a live key, however many characters Anthropic shows', () => {
    const [start, end] = aKeyRef().hint.split('…') as [string, string];
    for (const hint of [`${start}...${end}`, `${start.slice(0, -1)}...${end}`, `${start}…${end.slice(1)}`])
      expect(ids([record({ hint })])).toEqual([]);
    expect(ids([record({ hint: `${start}...!!!!` })])).toEqual(['apikey_1']);
    expect(ids([record({ hint: '...' })])).toEqual(['apikey_1']);
  });

  it('are matched by the hint of a key in its grace, which is then no longer counted as hidden', () => {
    const retiring = [{ versionId: 'v', until: NOW }];
    const old = row({ retiring, memory: aMemory({ retiringHints: ['sk-ant-api03-OLD…9999'] }) });
    const records = [record({ hint: 'sk-ant-api03-OLD...9999' }), record({ id: 'apikey_2' })];
    expect(unmatchedKeys(records, [old], 'w1')).toEqual({ keys: [records[1]], perhapsHeld: 0 });
    const unlisted = [record({ id: 'apikey_2' })];
    expect(unmatchedKeys(unlisted, [old], 'w1')).toEqual({ keys: unlisted, perhapsHeld: 1 });
  });

  it('count only while they are active in the workspace', () => {
    expect(ids([record({ status: 'inactive' }), record({ workspaceId: 'w2' })])).toEqual([]);
  });

  it('may be in a secret after all where a listing hides a key', () => {
    const hiding = row({ submitted: true, retiring: [{ versionId: 'v', until: NOW }] });
    const two = [record(), record({ id: 'apikey_2' }), record({ id: 'apikey_3' })];
    expect(unmatchedKeys(two, [hiding], 'w1').perhapsHeld).toBe(2);
    expect(unmatchedKeys([record()], [hiding], 'w1').perhapsHeld).toBe(1);
    expect(unmatchedKeys(two, [row()], 'w1').perhapsHeld).toBe(0);
  });
});

it('misses the addresses that were subscribed and are gone, and no others', () => {
  const here = { protocol: 'email', endpoint: 'platform@example.com', confirmed: false };
  expect(audienceOf([here], [row()], { all: ['security@example.com'], critical: [] })).toEqual([
    here,
    { protocol: 'email', endpoint: 'security@example.com', confirmed: false, lost: true },
  ]);
});

it('reports on one day of the week in UTC', () => {
  const week = [16, 17, 18, 19, 20, 21, 22].map((day) => new Date(Date.UTC(2026, 10, day, 23, 59)));
  expect(week.map(isReportDay)).toEqual([true, false, false, false, false, false, false]);
});

it.each([
  [1, 1, false],
  [3, 3, false],
  [4, 6, true],
  [4, 8, false],
  [20, 1000, false],
  [21, 1000, true],
])('with %i of %i keys unwatched, takes the watcher for down: %s', (unwatched, all, down) => {
  expect(watcherIsDown(unwatched, all)).toBe(down);
});
