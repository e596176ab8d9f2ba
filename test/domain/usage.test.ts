import fc from 'fast-check';
import {
  doubtInWords,
  doubtNamed,
  doubtPasses,
  findSpike,
  judgeAnswers,
  judgeUsage,
  type ReportAnswer,
  receivedUsage,
  type Usage,
  type UsageDoubt,
  type UsageHour,
  type UsageReport,
} from '../../lib/domain/console/usage';

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
    expect(judgeUsage({ hours: [], refreshedAt: ago(3) }, window)).toEqual({
      kind: 'unknown',
      reason: 'not-fresh',
      refreshedAt: ago(3),
    });
  });

  test('data of unknown freshness show use and never idleness', () => {
    expect(judgeUsage({ hours: [] }, window)).toEqual({ kind: 'unknown', reason: 'not-fresh' });
    expect(judgeUsage({ hours: [used(1, 5)] }, window)).toMatchObject({
      kind: 'in-use',
      refreshedAt: ago(1),
    });
  });

  test('a report that ends before the window begins says nothing of it', () => {
    const short = { from: ago(1), to: now };
    expect(judgeUsage({ hours: [], refreshedAt: ago(1.5) }, short).kind).toBe('unknown');
    expect(judgeUsage({ hours: [], witnessed: [ago(1)] }, short).kind).toBe('unknown');
    expect(judgeUsage({ hours: [], refreshedAt: ago(0.2) }, short).kind).toBe('idle');
  });

  test('rows without requests are not use', () => {
    expect(judgeUsage({ hours: [used(3, 0)], refreshedAt: now }, window).kind).toBe('idle');
  });
});

describe('a report that does not say how far it reaches', () => {
  test.each([
    ['has come as far as use of the live key within two hours shows', [ago(20), ago(2)], 'idle'],
    ['is not fresh if the live key was used before that', [ago(20), ago(3)], 'unknown'],
    ['is not fresh if the live key was not used', [], 'unknown'],
    ['is not fresh by what would be use to come', [new Date(now.getTime() + HOUR)], 'unknown'],
  ])('%s', (_, witnessed, kind) => {
    expect(judgeUsage({ hours: [], witnessed }, window).kind).toBe(kind);
  });

  test('is not helped by the live key where it says that it is old', () => {
    expect(judgeUsage({ hours: [], refreshedAt: ago(5), witnessed: [ago(1)] }, window).kind).toBe('unknown');
  });

  const moment = fc.integer({ min: 0, max: 48 * HOUR }).map((after) => window.from.getTime() + after);
  const late = fc.integer({ min: 44 * HOUR, max: 48 * HOUR }).map((after) => window.from.getTime() + after);
  const uses = fc.array(fc.oneof(moment, late), { maxLength: 8 });
  const hourOf = (at: number) => new Date(Math.floor(at / HOUR) * HOUR);

  /** What a report holds that has come as far as a moment, whenever that was. */
  const reportAt = (old: number[], live: number[], reach: number): UsageReport => ({
    hours: old.filter((at) => at <= reach).map((at) => ({ start: hourOf(at), requests: 1 })),
    witnessed: live.filter((at) => at <= reach).map(hourOf),
  });

  test('never calls a key idle that was used until two hours before the end of the window', () => {
    fc.assert(
      fc.property(uses, late, late, (old, live, reach) => {
        fc.pre(judgeUsage(reportAt(old, [live], reach), window).kind === 'idle');
        expect(old.filter((at) => at < ago(2).getTime())).toEqual([]);
      }),
    );
  });

  test('says nothing of idleness where nothing of the last two hours is in it', () => {
    fc.assert(
      fc.property(uses, uses, fc.integer({ min: 0, max: 45 * HOUR }), (old, live, after) => {
        const reach = window.from.getTime() + after;
        expect(judgeUsage(reportAt(old, live, reach), window).kind).not.toBe('idle');
      }),
    );
  });
});

describe('several answers', () => {
  const fresh: ReportAnswer = { hours: [], refreshedAt: now };
  const old: ReportAnswer = { hours: [], refreshedAt: ago(9) };
  const mute: ReportAnswer = { hours: [] };
  const inUse: ReportAnswer = { hours: [{ start: ago(3), requests: 1, tokens: 300 }] };
  const refused = (status: number): ReportAnswer => ({ failure: 'refused', status });
  const silent: ReportAnswer = { failure: 'unavailable' };

  test.each<[string, ReportAnswer[], Partial<Usage> | UsageDoubt]>([
    ['use wins over a report that shows none', [fresh, inUse], { kind: 'in-use', tokens: 300 }],
    ['use wins, whichever is asked first', [inUse, fresh], { kind: 'in-use' }],
    ['one that is refused hides no idleness', [refused(400), fresh], { kind: 'idle' }],
    ['one that is old hides no idleness', [old, fresh], { kind: 'idle' }],
    ['both refused', [refused(400), refused(403)], { reason: 'refused', statuses: [400, 403] }],
    ['one that may answer later is no refusal', [refused(400), silent], { reason: 'unavailable' }],
    ['nor is one that did not answer at first', [silent, refused(403)], { reason: 'unavailable' }],
    ['an old one may catch up', [refused(403), old], { reason: 'not-fresh', refreshedAt: ago(9) }],
    ['of two it is told how far one reaches', [mute, old], { reason: 'not-fresh', refreshedAt: ago(9) }],
    ['a mute one', [mute, refused(404)], { reason: 'not-fresh' }],
  ])('%s', (_, answers, expected) => {
    expect(judgeAnswers(answers, window)).toMatchObject(expected);
  });

  test('no failure of a report is ever idleness', () => {
    const failing = fc.constantFrom(refused(400), refused(403), refused(404), silent, mute, old);
    fc.assert(
      fc.property(fc.array(failing, { minLength: 1, maxLength: 3 }), (answers) => {
        expect(judgeAnswers(answers, window).kind).toBe('unknown');
      }),
    );
  });
});

describe('why use is not known', () => {
  test.each<[UsageDoubt, string, boolean]>([
    [{ reason: 'no-answer' }, 'the function with Admin access gave no answer', true],
    [{ reason: 'no-record' }, 'not exactly one record at Anthropic fits the key', false],
    [{ reason: 'superseded' }, 'it was superseded less than an hour ago', true],
    [
      { reason: 'refused', statuses: [400, 403] },
      'Anthropic refuses both usage reports to this deployment (status 400 and 403)',
      false,
    ],
    [
      { reason: 'refused', statuses: [403, 403] },
      'Anthropic refuses both usage reports to this deployment (status 403)',
      false,
    ],
    [
      { reason: 'not-fresh', refreshedAt: ago(9) },
      "Anthropic's usage report is not known to be complete after 2026-11-21 03:00 UTC",
      true,
    ],
    [{ reason: 'not-fresh' }, "Anthropic's usage report is not known to reach the present", true],
    [{ reason: 'unavailable' }, 'no usage report of Anthropic is available now', true],
  ])('%j', (doubt, words, passes) => {
    expect(doubtInWords(doubt)).toBe(words);
    expect(doubtPasses(doubt)).toBe(passes);
  });

  test('is read by its name, and a name of no doubt is none', () => {
    expect(doubtNamed('refused', [400])).toEqual({ reason: 'refused', statuses: [400] });
    expect(doubtNamed('toString')).toBeUndefined();
  });

  test('is not known either where a function of another release said it in words', () => {
    const said = { kind: 'unknown', reason: 'The usage report ends at noon.' } as never;
    expect(receivedUsage(said)).toEqual({ kind: 'unknown', reason: 'other-release' });
    const told: Usage = { kind: 'unknown', reason: 'refused', statuses: [400, 403] };
    expect(receivedUsage(told)).toBe(told);
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
