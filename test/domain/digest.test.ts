import { memoryFromTags, memoryToTags } from '../../lib/contract/memory-tags';
import { rowOf } from '../../lib/domain/findings/catalogue';
import { digestedIn } from '../../lib/domain/findings/digest';
import { readWaiting, waitingSince } from '../../lib/domain/findings/repeat';
import { shortId } from '../../lib/domain/key';
import { EMPTY_MEMORY, type Memory } from '../../lib/domain/memory';
import { assess } from '../../lib/domain/rotation/assess';
import { HOUR, MINUTE, plus } from '../../lib/domain/time';
import {
  aKeyRef,
  alive,
  anObservation,
  aRememberedVerdict,
  aVersion,
  daysAgo,
  daysAhead,
  dead,
  FINDING_KINDS,
  NOW,
} from '../builders';
import { aListedKey } from '../fleet-listing';

const ID = `due.${shortId(aKeyRef().fingerprint)}`;

/** The plan for a key of 80 days that is due in ten, where this is remembered of it. */
function planned(
  remembered: string | undefined,
  { now = NOW, days = 80, verdict = alive(), snoozed = false } = {},
) {
  const o = anObservation({
    versions: [aVersion('current', { current: true, accepted: true, createdAt: daysAgo(days), verdict })],
    memory: {
      ...EMPTY_MEMORY,
      ...(remembered && { notices: { [ID]: remembered } }),
      ...(snoozed && { snooze: { until: daysAhead(3), reason: 'freeze' } }),
    },
  });
  const { send, keep } = assess(o, now).notices;
  return { sent: send.map(({ finding }) => finding.kind), kept: keep[ID] };
}

const since = (hours: number) => waitingSince('14', plus(NOW, -hours * HOUR));

test('only three kinds may wait, and two of them only while more than a day is left', () => {
  expect(FINDING_KINDS.filter((kind) => rowOf(kind).digest).sort()).toEqual([
    'awaiting-first-key',
    'due',
    'expires-soon',
  ]);
  for (const kind of ['due', 'expires-soon'] as const)
    expect([2, 1].map((daysLeft) => rowOf(kind).digest!.waits({ daysLeft } as never))).toEqual([true, false]);
});

test.each([
  ['nothing is remembered: it begins to wait', undefined, {}, [], since(0)],
  ['it waits already: it does not begin anew', since(25), {}, [], since(25)],
  ['it has waited for 26 hours: it is sent', since(26), {}, ['due'], since(26)],
  [
    'an earlier reminder waited for 26 hours',
    since(26).replace('14', '30'),
    {},
    ['due'],
    since(26).replace('14', '30'),
  ],
  ['an earlier reminder waits: its time counts', since(25).replace('14', '30'), {}, [], since(25)],
  ['it was said', '14', {}, [], '14'],
  ['an earlier one was said', '30', {}, [], since(0)],
  ['machines have it: people get it as soon as they can', '14+', {}, ['due'], '14+'],
  ['only the event is out: its mail is late', '14+e', {}, ['due'], '14+e'],
  ['people have it: its event is late', '14+p', {}, ['due'], '14+p'],
  ['somebody wrote a time to come', since(-1000), {}, [], since(0)],
  ['somebody wrote nonsense', '14@?', {}, [], since(0)],
  ['it is snoozed: it waits no longer', since(3), { snoozed: true }, [], undefined],
  ['the key is dead: another finding takes its place', since(3), { verdict: dead() }, ['dead'], undefined],
  ['its last day has come', since(3), { days: 89 }, ['due'], since(3)],
] as const)('a reminder of which %s', (_, remembered, options, sent, kept) => {
  expect(planned(remembered, options)).toEqual({ sent, kept });
});

test('a mark is read back to the minute, and fits into a tag', () => {
  const at = plus(NOW, 17_000);
  expect(readWaiting(waitingSince('14', at))).toEqual({ reminder: '14', since: plus(NOW, 0) });
  expect(at.getTime() - readWaiting(waitingSince('14', at))!.since.getTime()).toBeLessThan(MINUTE);
  expect(readWaiting('14')).toBeUndefined();
  const memory = { ...EMPTY_MEMORY, notices: { [ID]: since(3) } };
  const tags = memoryToTags(memory);
  expect(Object.values(tags).join()).toMatch(/^[\w .:/=+@-]+$/);
  expect(memoryFromTags(tags).notices).toEqual(memory.notices);
});

describe('what a listing shows of a reminder that waits', () => {
  const listed = (memory: Partial<Memory>) =>
    aListedKey({ memory: { ...EMPTY_MEMORY, ...memory }, currentVersion: aKeyRef().versionId });
  const verdict = aRememberedVerdict({ keyCreatedAt: daysAgo(80) });
  const notices = { [ID]: since(3) };
  const found = (memory: Partial<Memory>, now = NOW) =>
    digestedIn(listed(memory), now).map(({ finding }) => finding);

  it('is the finding of the check, with its reminder', () => {
    const o = anObservation({
      versions: [
        aVersion('current', { current: true, accepted: true, createdAt: daysAgo(80), verdict: alive() }),
      ],
    });
    const [check] = assess(o, NOW).findings;
    const [shown] = found({ verdict, notices });
    expect({ ...shown, details: undefined }).toEqual({ ...check, details: undefined });
    expect(shown!.details).toEqual(check!.details);
  });

  it.each([
    ['was sent', { verdict, notices: { [ID]: '14' } }],
    ['is snoozed', { verdict, notices, snooze: { until: daysAhead(1), reason: 'freeze' } }],
    ['is of a kind that never waits', { verdict, notices: { 'dead.00000000': since(3) } }],
    ['is of a kind of another release', { verdict, notices: { 'newer.00000000': since(3) } }],
    ['is about a key that is not known', { notices }],
  ])('is nothing where it %s', (_, memory) => {
    expect(found(memory)).toEqual([]);
  });

  it('is left to the check on its last day', () => {
    expect(found({ verdict, notices }, daysAhead(9))).toEqual([]);
  });
});
