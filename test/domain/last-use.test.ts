import fc from 'fast-check';
import { type LastUses, lastUseIn, stretchesToAsk } from '../../lib/domain/console/last-use';
import { DAY, plus, utcDay } from '../../lib/domain/time';
import { daysAgo, NOW } from '../builders';

const days = (from: Date, to: Date) => `${utcDay(from)} to ${utcDay(to)}`;

it('asks for ninety days, today and yesterday each for itself', () => {
  expect(stretchesToAsk(NOW, 30).map(({ from, to }) => days(from, to))).toEqual([
    '2026-11-21 to 2026-11-21',
    '2026-11-20 to 2026-11-21',
    '2026-11-14 to 2026-11-20',
    '2026-11-07 to 2026-11-14',
    '2026-10-22 to 2026-11-07',
    '2026-09-22 to 2026-10-22',
    '2026-08-23 to 2026-09-22',
  ]);
});

it('asks without gaps for no more than 31 days at once, not before Anthropic has usage, and ends a stretch where idle begins', () => {
  const first = new Date('2026-01-01T00:00:00Z');
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 180 }),
      fc.date({ min: new Date('2026-01-01T00:00:01Z'), max: new Date('2028-01-01'), noInvalidDate: true }),
      (idleDays, now) => {
        const asked = stretchesToAsk(now, idleDays);
        expect(asked[0]!.to).toEqual(now);
        for (const [index, { from, to }] of asked.entries()) {
          expect(to > from && to.getTime() - from.getTime() <= 31 * DAY).toBe(true);
          expect(from >= first).toBe(true);
          if (index > 0) expect(to).toEqual(asked[index - 1]!.from);
        }
        const idle = plus(new Date(`${utcDay(now)}T00:00:00Z`), -idleDays * DAY);
        if (idle >= first) expect(asked.map(({ from }) => from.getTime())).toContain(idle.getTime());
      },
    ),
  );
});

describe('the last use of a key', () => {
  const uses = (overrides: Partial<Extract<LastUses, { kind: 'read' }>> = {}): LastUses => ({
    kind: 'read',
    from: daysAgo(90),
    until: NOW,
    stretches: [
      { from: daysAgo(1), to: NOW, used: ['a'] },
      { from: daysAgo(7), to: daysAgo(1), used: ['b', 'a'] },
    ],
    ...overrides,
  });
  const of = (id: string, age: number, all = uses()) => lastUseIn(all, NOW)({ id, createdAt: daysAgo(age) });

  it('is in the latest stretch that names it, and not before the key was made', () => {
    expect(of('a', 400)).toEqual({ kind: 'used', from: daysAgo(1), to: NOW });
    expect(of('b', 400)).toEqual({ kind: 'used', from: daysAgo(7), to: daysAgo(1) });
    expect(of('b', 3)).toEqual({ kind: 'used', from: daysAgo(3), to: daysAgo(1) });
  });

  it('is none as far as was looked, and never only for a key that is no older', () => {
    expect(of('c', 400)).toEqual({ kind: 'none', since: daysAgo(90), everSince: false });
    expect(of('c', 40)).toEqual({ kind: 'none', since: daysAgo(40), everSince: true });
  });

  it('is unknown where the report was not read, is too old, or ends before the key was made', () => {
    const words = 'Anthropic does not let this credential read the usage report.';
    expect(of('a', 4, { kind: 'unread', why: 'not-permitted', words })).toEqual({
      kind: 'unknown',
      why: words,
    });
    expect(of('c', 40, uses({ until: daysAgo(3) })).kind).toBe('unknown');
    expect(of('c', 0, uses({ until: daysAgo(1) })).kind).toBe('unknown');
    // A use is a use, however old the report.
    expect(of('a', 40, uses({ until: daysAgo(3) })).kind).toBe('used');
  });
});
