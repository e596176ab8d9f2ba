import { readListing } from '../../lib/contract/read-secret';
import type { ConsoleRecord } from '../../lib/domain/console/record';
import { matchConsole } from '../../lib/domain/fleet/console-match';
import { fleetRowOf } from '../../lib/domain/fleet/row';
import type { ClaimedSecret } from '../../lib/domain/listed-key';
import { audienceOf } from '../../lib/domain/notices/audience';
import { isReportDay, watcherIsDown } from '../../lib/workflows/report';
import { aRecord } from '../an-organization';
import { aKeyRef, NOW } from '../builders';
import { countReads } from '../counted-reads';
import { aListedKey, aListing, aMemory } from '../fleet-listing';

const row = (overrides: Parameters<typeof aListedKey>[0] = {}) => fleetRowOf(aListedKey(overrides), NOW);

describe('keys of the Console', () => {
  const match = (records: ConsoleRecord[], rows = [row()], claimed: ClaimedSecret[] = []) =>
    matchConsole(records, { rows, claimed });
  /** Ids of the records that no secret holds. */
  const strays = (...[records, rows, claimed]: Parameters<typeof match>) => {
    const { holders } = match(records, rows, claimed);
    return records.flatMap(({ id }) => (holders.has(id) ? [] : [id]));
  };

  it('are matched by the record that a secret remembers', () => {
    const held = { ...row(), recordId: 'apikey_1' };
    expect(strays([aRecord(), aRecord({ id: 'apikey_2' })], [held])).toEqual(['apikey_2']);
    expect(match([aRecord()], [held]).holders.get('apikey_1')).toEqual([
      expect.objectContaining({ key: 'prod/api-gateway', as: 'live', by: 'record' }),
    ]);
  });

  it('are matched by the record of a key that a rollback has just left', () => {
    const left = {
      fingerprint: 'f'.repeat(12),
      id: 'apikey_1',
      personal: false,
      createdAt: NOW,
      inspectedOn: '',
    };
    const { holders } = match([aRecord()], [row({ memory: aMemory({ record: left }) })]);
    expect(holders.get('apikey_1')).toEqual([expect.objectContaining({ as: 'retiring', by: 'record' })]);
  });

  it('are matched by the short form of a live key, however many characters Anthropic shows', () => {
    const [start, end] = aKeyRef().hint.split('…') as [string, string];
    for (const hint of [`${start}...${end}`, `${start.slice(0, -1)}...${end}`, `${start}…${end.slice(1)}`])
      expect(strays([aRecord({ hint })])).toEqual([]);
    expect(strays([aRecord({ hint: `${start}...!!!!` })])).toEqual(['apikey_1']);
    expect(strays([aRecord({ hint: '...' })])).toEqual(['apikey_1']);
  });

  it('are not matched by a short form where the secret remembers which record is its own', () => {
    const { hint } = aKeyRef();
    const held = { ...row(), recordId: 'apikey_1' };
    const alike = [aRecord({ hint }), aRecord({ id: 'apikey_2', hint })];
    expect(strays(alike, [held])).toEqual(['apikey_2']);
    // Of a record that is not listed, such as one of another organization, only the short form is left.
    expect(strays(alike, [{ ...row(), recordId: 'apikey_9' }])).toEqual([]);
  });

  it('are not matched by a short form that is damaged', () => {
    const damaged = { ...row(), hint: 'sk-ant-api03-abc', retiringHints: ['…', ''] };
    expect(strays([aRecord({ hint: 'sk-ant-api03-abc...xyAA' })], [damaged])).toEqual(['apikey_1']);
  });

  it('are matched by the hint of a key in its grace, which is then no longer counted as unseen', () => {
    const retiring = [{ versionId: 'v', until: NOW }];
    const old = row({ retiring, memory: aMemory({ retiringHints: ['sk-ant-api03-OLD…9999'] }) });
    const records = [aRecord({ hint: 'sk-ant-api03-OLD...9999' }), aRecord({ id: 'apikey_2' })];
    expect(strays(records, [old])).toEqual(['apikey_2']);
    expect(match(records, [old]).unseen).toBe(0);
    expect(match([aRecord({ id: 'apikey_2' })], [old]).unseen).toBe(1);
  });

  it('may be in a secret after all where a listing hides a key', () => {
    const hiding = row({ submitted: true, retiring: [{ versionId: 'v', until: NOW }] });
    expect(match([aRecord()], [hiding]).unseen).toBe(2);
    expect(match([aRecord()], [row()]).unseen).toBe(0);
  });

  it('are found in a secret that no deployment manages, by what its tags remember', () => {
    const read = readListing([
      {
        ...aListing({ key: { secretName: 'legacy/claude', secretArn: 'arn:legacy' } }),
        rotationEnabled: false,
      },
    ]);
    expect(read.claimed).toHaveLength(1);
    const { holders } = match([aRecord({ hint: aKeyRef().hint })], [], [...read.claimed]);
    expect(holders.get('apikey_1')).toEqual([
      expect.objectContaining({ secretName: 'legacy/claude', as: 'claimed' }),
    ]);
  });

  /** Reads of a field, counted: what takes a product of both numbers reads them so often. */
  it.each([100, 200])(
    'are matched with work that grows with their number, at %i keys and a tenth as many secrets',
    (size) => {
      const { counted, reads } = countReads();
      const records = Array.from({ length: size }, (_, n) =>
        counted(aRecord({ id: `apikey_${n}`, hint: aKeyRef(`${n}`).hint })),
      );
      const rows = Array.from({ length: size / 10 }, (_, n) =>
        counted({ ...row(), hint: aKeyRef(`${n}`).hint }),
      );
      expect(matchConsole(records, { rows, claimed: [] }).holders.size).toBe(size / 10);
      expect(reads() / size).toBeLessThan(6);
    },
  );
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
