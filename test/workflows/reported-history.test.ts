import fc from 'fast-check';
import { KINDS } from '../../lib/domain/findings/catalogue';
import { DAY, MINUTE, plus } from '../../lib/domain/time';
import type { ReportedEvent } from '../../lib/workflows/operator-ports';
import { feedIn, historyFromReports } from '../../lib/workflows/reported-history';
import { aKey, aKeyRef, NOW } from '../builders';

const { secretArn } = aKey();
const { fingerprint } = aKeyRef('live');

let count = 0;
const event = (changes: Partial<ReportedEvent> = {}): ReportedEvent => {
  count += 1;
  return {
    id: `event-${count}`,
    notice: `AKR-0000-${count}`,
    at: NOW,
    secretArn,
    kind: 'rotated',
    details: { current: { fingerprint } },
    ...changes,
  };
};
const history = (...events: readonly ReportedEvent[]) => historyFromReports(events, secretArn);

test('a notice is an entry with its instant, its key, and its id to look it up', () => {
  const told = event();
  expect(history(told)).toEqual([
    { at: NOW, step: 'promoted', fingerprint, sources: ['event'], requestId: told.notice },
  ]);
});

test('the request id of a proof goes before that of the mail', () => {
  const details = {
    retired: { fingerprint },
    proof: { by: 'probe', evidence: { requestId: 'req_011CVB2YmExampleDead' } },
  };
  expect(history(event({ kind: 'rotation-complete', details }))).toMatchObject([
    { step: 'proven-dead', requestId: 'req_011CVB2YmExampleDead' },
  ]);
});

test('an event that was delivered twice, and a notice that was announced again, count once, the first time', () => {
  const first = event();
  const again = { ...first, at: plus(NOW, MINUTE) };
  const anew = event({ notice: first.notice, at: plus(NOW, DAY) });
  expect(history(anew, again, first).map(({ at }) => at)).toEqual([NOW]);
});

test('reminders of a state are no events of their own, but another key’s is', () => {
  const leak = (days: number, key = fingerprint, reason?: string) =>
    event({
      kind: 'contained',
      at: plus(NOW, days * DAY),
      details: { leaked: { fingerprint: key }, state: 'still-works', reason },
    });
  const other = aKeyRef('other').fingerprint;
  const told = history(leak(0, fingerprint, 'in a ticket'), leak(1), leak(2, other), leak(3));
  expect(told.map(({ at, fingerprint: of, note }) => [at, of, note])).toEqual([
    [NOW, fingerprint, 'in a ticket'],
    [plus(NOW, 2 * DAY), other, undefined],
  ]);
});

test('each bad edit is an event, its reminders are not', () => {
  const edit = (days: number, version: string) =>
    event({ kind: 'direct-edit-refused', at: plus(NOW, days * DAY), details: { version } });
  expect(history(edit(0, 'v1'), edit(1, 'v1'), edit(2, 'v2'))).toHaveLength(2);
});

test.each<[string, Partial<ReportedEvent>]>([
  ['of another secret', { secretArn: `${secretArn}-2` }],
  ['that is no step of a key’s life', { kind: 'due' }],
  ['of a kind that this release does not know', { kind: 'of-a-later-release' }],
  ['that lacks what its kind has', { details: {} }],
])('an event %s is left out', (_, changes) => {
  expect(history(event(changes))).toEqual([]);
});

describe('what Anthropic’s Activity Feed said of a key', () => {
  const at = plus(NOW, -DAY);
  const who = {
    kind: 'known',
    activity: 'activity_01Example',
    change: 'disabled',
    at: at.toISOString(),
    actor: { kind: 'person', email: 'kim@example.com', ip: '192.0.2.34' },
  };
  const dead = (more: object = {}, days = 0) =>
    event({
      kind: 'dead',
      at: plus(NOW, days * DAY),
      details: { current: { fingerprint }, who: { ...who, ...more } },
    });

  it('is an entry in its own time, with who did it and from where, once', () => {
    expect(history(dead(), dead({}, 1))).toEqual([
      {
        at,
        step: 'disabled-at-anthropic',
        fingerprint,
        sources: ['feed', 'event'],
        by: 'kim@example.com, from 192.0.2.34',
        requestId: 'activity_01Example',
      },
    ]);
  });

  it('stands beside what the notice itself is', () => {
    const created = { ...who, activity: 'activity_02Example', change: 'created' };
    const told = history(event({ details: { current: { fingerprint }, created } }));
    expect(told.map(({ step }) => step)).toEqual(['promoted', 'created-at-anthropic']);
  });

  it('is about the old key where that one is proven dead', () => {
    const details = { retired: { fingerprint: 'aaaa' }, current: { fingerprint }, proof: {}, who };
    expect(history(event({ kind: 'rotation-complete', details })).at(-1)).toMatchObject({
      step: 'disabled-at-anthropic',
      fingerprint: 'aaaa',
    });
  });

  it.each([
    ['no time', { at: 'soon' }],
    ['no actor', { actor: undefined }],
    ['an actor of no known kind', { actor: { kind: 'martian' } }],
    ['a change that nobody knows', { change: 'renamed' }],
    ['no id', { activity: 7 }],
  ])('is left out if it has %s', (_, broken) => {
    expect(history(dead(broken))).toEqual([]);
  });

  it('is known to be readable, or not, as the latest report says that tells of it', () => {
    const unread = { kind: 'unread', why: 'not-permitted' };
    const told = (who: object, days: number) => event({ at: plus(NOW, days * DAY), details: { who } });
    expect(feedIn([event()])).toBeUndefined();
    expect(feedIn([told({ kind: 'expired' }, 0), told({ kind: 'unread', why: 'magic' }, 1)])).toBeUndefined();
    expect(feedIn([told(unread, 1), dead()])).toEqual({ at: plus(NOW, DAY), why: 'not-permitted' });
    expect(feedIn([told(unread, 1), told({ kind: 'not-recorded' }, 2)])).toEqual({ at: plus(NOW, 2 * DAY) });
  });
});

test('details of any shape are text in the history, or nothing', () => {
  const kinds = KINDS.map(({ kind }) => kind);
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.dictionary(fc.string(), fc.jsonValue()), (kind, details) => {
      const hostile = {
        ...details,
        current: details,
        leaked: details,
        retired: { fingerprint: [details] },
        who: details,
      };
      for (const each of history(event({ kind, details: hostile })))
        for (const value of [each.fingerprint, each.requestId, each.note])
          expect(['string', 'undefined']).toContain(typeof value);
    }),
    { numRuns: 200 },
  );
});
