import { auditOf } from '../../lib/domain/audit/audit';
import { controlsOf } from '../../lib/domain/audit/controls';
import { historyOf } from '../../lib/domain/audit/history';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { type FleetRow, fleetRowOf } from '../../lib/domain/fleet/row';
import type { HistoryEvent } from '../../lib/domain/history-event';
import { DAY, HOUR, MINUTE, plus } from '../../lib/domain/time';
import { aKey, aKeyRef, aPolicy, aRememberedVerdict, daysAgo, daysAhead, NOW } from '../builders';
import { aListedKey, aMemory } from '../fleet-listing';

const live = aRememberedVerdict().fingerprint;
const old = aKeyRef('old').fingerprint;
const rotated = aListedKey({
  memory: aMemory({
    timeline: {
      fingerprint: old,
      how: 'submitted',
      submittedAt: daysAgo(10),
      promotedAt: plus(daysAgo(10), HOUR),
    },
  }),
});

describe('the history of a key', () => {
  const historyAt = (row: FleetRow, events: readonly HistoryEvent[] = [], trailSince?: Date) =>
    historyOf(row, { now: NOW, events, trailSince });
  const steps = (...of: Parameters<typeof historyAt>) => historyAt(...of).map(({ step }) => step);

  it('begins with the first appearance of a key whose arrival is not remembered', () => {
    expect(steps(fleetRowOf(aListedKey(), NOW))).toEqual(['created']);
    expect(steps(fleetRowOf(rotated, NOW))).toEqual(['submitted', 'promoted']);
  });

  it('does not call a key first seen that had waited for its test', () => {
    const timeline = { submittedAt: daysAgo(12), promotedAt: daysAgo(9) };
    const verdict = aRememberedVerdict({ keyCreatedAt: daysAgo(9) });
    expect(steps(fleetRowOf(aListedKey({ memory: aMemory({ timeline, verdict }) }), NOW))).toEqual([
      'submitted',
      'promoted',
    ]);
  });

  it('names a leak, of whichever key', () => {
    const leaks = [
      { beginning: live.slice(0, 8), on: daysAgo(1) },
      { beginning: 'ffffffff', on: daysAgo(5) },
    ];
    const row = fleetRowOf(aListedKey({ leaks }), NOW);
    expect(historyAt(row).map(({ step, fingerprint }) => [step, fingerprint])).toEqual([
      ['created', live],
      ['contained', 'ffffffff'],
      ['contained', live],
    ]);
    expect([row.worst, row.needs]).toEqual(['contained', 'now']);
  });

  it('merges two accounts of one step and keeps what only one of them says', () => {
    const seen = {
      at: plus(daysAgo(10), 2 * MINUTE),
      step: 'submitted',
      sources: ['cloudtrail'],
      by: 'kim',
    } as const;
    expect(historyAt(fleetRowOf(rotated, NOW), [seen])[0]).toEqual({
      at: daysAgo(10),
      step: 'submitted',
      fingerprint: live,
      sources: ['memory', 'cloudtrail'],
      by: 'kim',
    });
  });

  it.each([
    ['another time', { at: plus(daysAgo(10), 11 * MINUTE), fingerprint: live }],
    ['another key', { at: daysAgo(10), fingerprint: old }],
  ])('keeps what is of %s apart', (_, other) => {
    const event = { ...other, step: 'submitted', sources: ['cloudtrail'] } as const;
    expect(steps(fleetRowOf(rotated, NOW), [event])).toEqual(
      expect.arrayContaining(['submitted', 'submitted', 'promoted']),
    );
  });

  it('keeps two submissions within minutes apart: one source never tells of one event twice', () => {
    const put = (minutes: number, by: string): HistoryEvent => ({
      at: plus(daysAgo(10), minutes * MINUTE),
      step: 'submitted',
      sources: ['cloudtrail'],
      by,
    });
    const submitted = historyAt(fleetRowOf(rotated, NOW), [put(-4, 'sam'), put(0, 'kim')]).slice(0, 2);
    expect(submitted.map(({ by, sources }) => [by, sources])).toEqual([
      ['sam', ['cloudtrail']],
      ['kim', ['memory', 'cloudtrail']],
    ]);
  });

  it('calls a rollback by command a rollback, and not an edit', () => {
    const timeline = { fingerprint: old, how: 'rolled-back', promotedAt: daysAgo(2) } as const;
    const seen = { at: plus(daysAgo(2), -MINUTE), step: 'rolled-back', sources: ['cloudtrail'] } as const;
    const row = fleetRowOf(aListedKey({ memory: aMemory({ timeline }) }), NOW);
    expect(historyAt(row, [seen]).at(-1)).toMatchObject({
      step: 'rolled-back',
      note: 'by a person',
      sources: ['memory', 'cloudtrail'],
    });
  });

  describe('the instant of a leak', () => {
    const leak = (on: Date) => fleetRowOf(aListedKey({ leaks: [{ beginning: live.slice(0, 8), on }] }), NOW);
    const midnight = new Date('2026-11-19T00:00:00Z');
    const reported: HistoryEvent = {
      at: new Date('2026-11-19T18:33:10Z'),
      step: 'contained',
      fingerprint: live,
      sources: ['event'],
      note: 'pasted into a ticket',
    };
    const leaksOf = (...of: Parameters<typeof historyAt>) =>
      historyAt(...of).filter(({ step }) => step === 'contained');

    it('is not invented where a tag keeps only the day', () => {
      expect(leaksOf(leak(midnight))).toEqual([expect.objectContaining({ at: midnight, dayOnly: true })]);
    });

    it('is that of the report from the same day', () => {
      const [only, ...others] = leaksOf(leak(midnight), [reported]);
      expect(others).toEqual([]);
      expect(only).toEqual({ ...reported, sources: ['memory', 'event'] });
    });

    it('is kept where it is remembered', () => {
      const [only] = leaksOf(leak(reported.at));
      expect(only).toMatchObject({ at: reported.at });
      expect(only).not.toHaveProperty('dayOnly');
    });
  });

  describe('a change of the live key that was only reported', () => {
    const report = (days: number): HistoryEvent => ({
      at: daysAgo(days),
      step: 'promoted',
      fingerprint: 'abcdef012345',
      sources: ['event'],
    });
    const call = (at: Date, step: HistoryEvent['step'] = 'direct-edit'): HistoryEvent => ({
      at,
      step,
      sources: ['cloudtrail'],
      by: 'kim',
    });
    const isUnconfirmed = (events: readonly HistoryEvent[], trailSince?: Date) =>
      historyAt(fleetRowOf(aListedKey(), NOW), events, trailSince).some(({ unconfirmed }) => unconfirmed);

    it('is told where CloudTrail was read for that time and shows none', () => {
      expect(isUnconfirmed([report(5)], daysAgo(90))).toBe(true);
      expect(isUnconfirmed([report(5), call(daysAgo(8)), call(daysAgo(4))], daysAgo(90))).toBe(true);
    });

    it.each<[string, readonly HistoryEvent[], Date | undefined]>([
      ['is confirmed by an edit of the day before', [report(5), call(plus(daysAgo(5), -DAY))], daysAgo(90)],
      ['is confirmed by the promotion itself', [report(5), call(daysAgo(5), 'promoted')], daysAgo(90)],
      ['is not doubted where CloudTrail was not read', [report(5)], undefined],
      ['is not doubted where CloudTrail does not go back so far', [report(5)], daysAgo(6)],
      ['is not doubted before CloudTrail can show it', [report(0)], daysAgo(90)],
      [
        'is no business of CloudTrail where it is a death',
        [{ ...report(5), step: 'proven-dead' }],
        daysAgo(90),
      ],
    ])('%s', (_, events, trailSince) => {
      expect(isUnconfirmed(events, trailSince)).toBe(false);
    });
  });

  it('shows the end of a grace that is to come', () => {
    const inGrace = fleetRowOf(
      aListedKey({ retiring: [{ versionId: '5e0cbe3d-1', until: daysAhead(1) }] }),
      NOW,
    );
    expect(historyAt(inGrace).at(-1)).toMatchObject({
      at: daysAhead(1),
      step: 'grace-ends',
      sources: ['label'],
    });
  });
});

describe('the control mapping', () => {
  const controls = (...of: Parameters<typeof aListedKey>[0][]) =>
    controlsOf(
      fleetOf(
        of.map((each, n) => aListedKey({ key: aKey({ service: `s${n}` }), ...each })),
        [],
        NOW,
      ),
    );
  const exceptions = (id: string, ...of: Parameters<typeof controls>) =>
    controls(...of).find((control) => control.id === id)!.exceptions;
  const key = 'prod/s0';

  it('finds no exception in a healthy fleet', () => {
    expect(controls({}).flatMap(({ exceptions }) => exceptions)).toEqual([]);
  });

  it('states each highest age with the keys that have it', () => {
    const [, age] = controls({}, { policy: aPolicy({ maxAgeDays: 180 }) });
    expect(age).toMatchObject({
      id: 'SecretsManager.4',
      policy: 'Highest age of a key: 90 days (1), 180 days (1).',
    });
  });

  it('names an overdue key even if it is exempt, with the reason', () => {
    const memory = aMemory({
      verdict: aRememberedVerdict({ keyCreatedAt: daysAgo(99) }),
      snooze: { until: daysAhead(2), reason: 'vendor' },
    });
    const why = '99 days old, 90 allowed; exempt until 2026-11-23: vendor';
    for (const id of ['SecretsManager.4', 'A.8.24', '8.6.3'])
      expect(exceptions(id, { memory })).toEqual([{ key, why }]);
  });

  it('names what is off, dead, shared or not proven dead', () => {
    expect(exceptions('SecretsManager.1', { rotationEnabled: false })).toEqual([
      { key, why: 'rotation is off' },
    ]);
    const dead = { memory: aMemory({ verdict: aRememberedVerdict({ kind: 'DEAD', since: NOW }) }) };
    expect(exceptions('A.5.17', dead)).toEqual([{ key, why: 'DEAD since 2026-11-21' }]);
    expect(exceptions('CC6.1', {}, {})).toMatchObject([{ why: 'one key in several secrets' }]);
    const retirable = { retiring: [{ versionId: 'v', until: daysAgo(1) }] };
    expect(exceptions('CC6.1', retirable)).toEqual([
      { key, why: 'the old key is not yet proven dead after its grace' },
    ]);
  });
});

it('lists exemptions with their reasons and ends', () => {
  const listed = aListedKey({
    policy: aPolicy({ maxAgeDays: 180, allowLongAge: 'contract' }),
    memory: aMemory({ snooze: { until: daysAhead(2), reason: 'vendor' } }),
  });
  expect(auditOf(fleetOf([listed], [], NOW)).exemptions).toMatchObject([
    { kind: 'snooze', reason: 'vendor', until: daysAhead(2) },
    { kind: 'long-age', reason: 'contract' },
  ]);
});
