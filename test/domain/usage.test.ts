import { findSpike, judgeUsage, type UsageHour } from '../../lib/domain/console/usage';

const HOUR = 3_600_000;
const now = new Date('2026-11-21T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);
const used = (hoursAgo: number, requests: number, model?: string): UsageHour => ({
  start: ago(hoursAgo),
  requests,
  model,
});
const window = { from: ago(48), to: now };

describe('whether a key is in use', () => {
  test('no rows over the whole window in fresh data are idle', () => {
    expect(judgeUsage({ hours: [], refreshedAt: ago(0.2) }, window)).toEqual({
      kind: 'idle',
      ...window,
      refreshedAt: ago(0.2),
    });
  });

  test('use is reported with its evidence', () => {
    const hours = [used(30, 5, 'b'), used(3, 7, 'a'), used(20, 1, 'b')];
    expect(judgeUsage({ hours, refreshedAt: ago(1) }, window)).toEqual({
      kind: 'in-use',
      ...window,
      refreshedAt: ago(1),
      requests: 13,
      lastUsed: ago(3),
      models: ['a', 'b'],
    });
  });

  test('use in old data is use', () => {
    expect(judgeUsage({ hours: [used(30, 5)], refreshedAt: ago(20) }, window).kind).toBe('in-use');
  });

  test('old data without use are unknown', () => {
    expect(judgeUsage({ hours: [], refreshedAt: ago(3) }, window)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('ends at'),
    });
  });

  test('data of unknown freshness is unknown, with or without use', () => {
    expect(judgeUsage({ hours: [] }, window).kind).toBe('unknown');
    expect(judgeUsage({ hours: [used(1, 5)] }, window).kind).toBe('unknown');
  });

  test('rows without requests are not use', () => {
    expect(judgeUsage({ hours: [used(3, 0)], refreshedAt: now }, window).kind).toBe('idle');
  });
});

describe('a spike', () => {
  const week = (perHour: number) => Array.from({ length: 7 * 24 }, (_, index) => used(25 + index, perHour));
  const spike = (...recent: UsageHour[]) =>
    findSpike({ hours: [...week(50), ...recent], refreshedAt: now }, now);

  test('is an hour of the last day with ten times the usual', () => {
    expect(spike(used(5, 499), used(4, 900), used(3, 700))).toEqual({
      hour: ago(4),
      requests: 900,
      medianPerHour: 50,
    });
  });

  test('is not less than ten times the usual', () => {
    expect(spike(used(4, 499))).toBeUndefined();
  });

  test('adds up the models of an hour', () => {
    expect(spike(used(4, 300, 'a'), used(4, 300, 'b'))).toMatchObject({ requests: 600 });
  });

  test('is not below an absolute floor', () => {
    const quiet = (requests: number) => findSpike({ hours: [...week(1), used(4, requests)] }, now);
    expect(quiet(199)).toBeUndefined();
    expect(quiet(200)).toMatchObject({ requests: 200, medianPerHour: 1 });
  });

  test('does not raise its own bar, and ignores what is older than the week', () => {
    const hours = [...week(50), used(4, 900), used(26 + 7 * 24, 1_000_000)];
    expect(findSpike({ hours }, now)).toMatchObject({ medianPerHour: 50 });
  });

  test('is not found for a key without history', () => {
    expect(findSpike({ hours: [used(4, 100_000)] }, now)).toBeUndefined();
    expect(findSpike({ hours: [] }, now)).toBeUndefined();
  });

  test('is measured by the hours in which the key is used: a nightly job is no spike every night', () => {
    const nights = Array.from({ length: 14 }, (_, index) => used(30 + 12 * index, 5_000));
    expect(findSpike({ hours: [...nights, used(6, 6_000)] }, now)).toBeUndefined();
  });

  test('takes the mean of the two middle hours of an even number', () => {
    const hours = Array.from({ length: 12 }, (_, index) => used(30 + index, index < 6 ? 20 : 30));
    expect(findSpike({ hours: [...hours, used(2, 1_000)] }, now)).toMatchObject({ medianPerHour: 25 });
  });
});
