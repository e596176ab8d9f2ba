import { type FleetFilter, fleetOf } from '../../lib/domain/fleet/fleet';
import { fleetRowOf, unwatchedSince } from '../../lib/domain/fleet/row';
import type { ListedKey } from '../../lib/domain/listed-key';
import { HOUR, plus, utcDay } from '../../lib/domain/time';
import { aKey, aPolicy, aRememberedVerdict, daysAgo, daysAhead, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';

const row = (overrides: Partial<ListedKey> = {}) => fleetRowOf(aListedKey(overrides), NOW);
const verdict = (...of: Parameters<typeof aRememberedVerdict>) => ({
  memory: aMemory({ verdict: aRememberedVerdict(...of) }),
});

describe('a row of the fleet', () => {
  it('says that a healthy key needs nobody', () => {
    expect(row()).toMatchObject({
      phase: 'fresh',
      ageDays: 10,
      dueAt: daysAhead(80),
      needs: 'nothing',
      findings: [],
    });
    expect(row().next).toBeUndefined();
  });

  it.each([
    ['fresh', 75, 'nothing'],
    ['due', 76, 'soon'],
    ['due', 89, 'soon'],
    ['overdue', 90, 'now'],
  ])('is %s at %i days', (phase, days, needs) => {
    expect(row(verdict({ keyCreatedAt: daysAgo(days) }))).toMatchObject({ phase, needs });
  });

  it('waits for the first key until one was accepted', () => {
    const memory = aMemory({ verdict: undefined });
    expect(row({ accepted: false, memory })).toMatchObject({
      phase: 'awaiting-first-key',
      next: 'Create the first key.',
    });
    expect(row({ accepted: true, memory })).toMatchObject({ phase: 'unknown' });
  });

  it.each([
    ['dead', verdict({ kind: 'DEAD' }), 'now'],
    ['blocked', verdict({ kind: 'BLOCKED', reason: 'billing' }), 'now'],
    ['inconclusive', verdict({ unknownSince: plus(NOW, -25 * HOUR) }), 'soon'],
    ['foreign', { memory: aMemory({ notices: { 'foreign.0a1b2c3d': '0' } }) }, 'now'],
    ['submission-stuck', { memory: aMemory({ notices: { 'submission-stuck.1': '0' } }) }, 'soon'],
    ['grace-over', { retiring: [{ versionId: 'v', until: plus(NOW, -HOUR) }] }, 'soon'],
    [
      'zombie',
      {
        retiring: [{ versionId: 'v', until: plus(NOW, -HOUR) }],
        memory: aMemory({ notices: { 'zombie.0a1b2c3d': '0' } }),
      },
      'now',
    ],
    ['unwatched', { memory: aMemory({ checkedOn: utcDay(daysAgo(3)) }) }, 'now'],
  ])('finds %s', (kind, overrides, needs) => {
    expect(row(overrides)).toMatchObject({ findings: [kind], worst: kind, needs });
  });

  it('forgets a reported zombie once its label is gone', () => {
    expect(row({ memory: aMemory({ notices: { 'zombie.0a1b2c3d': '0' } }) }).findings).toEqual([]);
  });

  it('reads expiry and owner from the record of the live key only', () => {
    const record = {
      fingerprint: aRememberedVerdict().fingerprint,
      id: 'apikey_01',
      createdAt: daysAgo(10),
      expiresAt: daysAhead(10),
      personal: true,
      inspectedOn: utcDay(NOW),
    };
    expect(row({ memory: aMemory({ record }) }).findings).toEqual(['expires-soon', 'dies-with-its-owner']);
    const other = { ...record, fingerprint: '0'.repeat(12) };
    expect(row({ memory: aMemory({ record: other }) })).toMatchObject({ findings: [], personal: undefined });
  });

  it('asks nobody to act on what is snoozed, unless it may not be hidden', () => {
    const snooze = { until: daysAhead(5), reason: 'vendor migration' };
    const overdue = aRememberedVerdict({ keyCreatedAt: daysAgo(99) });
    const dead = aRememberedVerdict({ kind: 'DEAD' });
    expect(row({ memory: aMemory({ snooze, verdict: overdue }) })).toMatchObject({
      phase: 'overdue',
      needs: 'nothing',
      snooze,
    });
    expect(row({ memory: aMemory({ snooze, verdict: dead }) })).toMatchObject({ needs: 'now' });
    const over = { until: daysAgo(1), reason: 'vendor migration' };
    expect(row({ memory: aMemory({ snooze: over, verdict: overdue }) })).toMatchObject({ needs: 'now' });
  });
});

describe('whether a key is watched', () => {
  const watched = (checkedOn: string | undefined, now: string, checkEvery = 'rate(1 hour)') =>
    unwatchedSince(
      { memory: aMemory({ checkedOn }), createdAt: daysAgo(200), policy: aPolicy({ checkEvery }) },
      new Date(now),
    ) === undefined;

  it('gives an hourly check three hours of the new day', () => {
    expect(watched('2026-11-20', '2026-11-21T03:00:00Z')).toBe(true);
    expect(watched('2026-11-20', '2026-11-21T03:00:01Z')).toBe(false);
  });

  it('never counts a daily check as late before it is due', () => {
    for (const every of ['rate(1 day)', 'cron(0 12 * * ? *)']) {
      expect(watched('2026-11-19', '2026-11-21T02:00:00Z', every)).toBe(true);
      expect(watched('2026-11-19', '2026-11-21T02:00:01Z', every)).toBe(false);
    }
  });

  it('waits a day and two hours for the first check of a new secret', () => {
    const fresh = { memory: aMemory({ checkedOn: undefined }), createdAt: NOW, policy: aPolicy() };
    expect(unwatchedSince(fresh, plus(NOW, 26 * HOUR))).toBeUndefined();
    expect(unwatchedSince(fresh, plus(NOW, 26 * HOUR + 1))).toEqual(plus(NOW, 26 * HOUR));
  });

  it('treats a damaged memory as empty', () => {
    expect(watched('yesterday', '2026-11-21T14:00:00Z')).toBe(false);
  });
});

describe('the fleet', () => {
  const listed = (service: string, overrides: Partial<ListedKey> = {}, environment = 'prod') =>
    aListedKey({ key: aKey({ service, environment, owner: `${service}@example.com` }), ...overrides });
  const aged = (days: number, seed = String(days)) =>
    verdict({ keyCreatedAt: daysAgo(days), fingerprint: seed.padStart(12, '0') });
  const fleet = [
    listed('fresh', aged(3)),
    listed('due', aged(80)),
    listed('dead', verdict({ kind: 'DEAD', fingerprint: 'd'.repeat(12) })),
    listed('overdue', aged(95)),
    listed('older', aged(60)),
    listed('shared', aged(3), 'staging'),
  ];
  const services = (filter?: FleetFilter) =>
    fleetOf(fleet, [], NOW, filter).rows.map(({ key }) => key.service);

  it('puts the worst first, then the nearest deadline', () => {
    expect(services()).toEqual(['dead', 'overdue', 'due', 'older', 'fresh', 'shared']);
  });

  it('can be narrowed', () => {
    expect(services({ needsAttention: true })).toEqual(['dead', 'overdue', 'due']);
    expect(services({ environment: 'staging' })).toEqual(['shared']);
    expect(services({ environment: 'prod', owner: 'due@example.com' })).toEqual(['due']);
  });

  it('names a key that two secrets hold, from whichever environment one looks', () => {
    const shared = [
      { fingerprint: '3'.padStart(12, '0'), secrets: ['anthropic/prod/fresh', 'anthropic/staging/shared'] },
    ];
    expect(fleetOf(fleet, [], NOW).shared).toEqual(shared);
    expect(fleetOf(fleet, [], NOW, { environment: 'staging' }).shared).toEqual(shared);
    expect(fleetOf(fleet, [], NOW, { owner: 'due@example.com' }).shared).toEqual([]);
  });
});
