import { memoryFromTags, memoryToTags } from '../../lib/contract/memory-tags';
import { rowOf } from '../../lib/domain/findings/catalogue';
import { planNotices } from '../../lib/domain/findings/plan';
import {
  countdown,
  DAILY,
  holdersOf,
  ONCE,
  PATIENT,
  type Repeat,
  rememberedAs,
  reminderIn,
  repeatInWords,
  URGENT,
} from '../../lib/domain/findings/repeat';
import { EMPTY_MEMORY } from '../../lib/domain/memory';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aNoticeContext, anObservation, daysAgo, NOW } from '../builders';

test.each([
  ['awaiting-first-key', [0, 1, 2, 3, 6, 7, 13, 14, 21], ['0', '1', '1', '3', '3', '7', '7', '14', '21']],
  ['overdue', [0, 2, 3, 9, 10, 17, 24], ['0', '0', '3', '3', '10', '17', '24']],
  ['zombie', [0, 1, 2, 3, 8, 9, 16], ['0', '1', '2', '2', '2', '9', '16']],
  ['dead', [0, 1, 5, 30], ['0', '1', '5', '30']],
  ['rotated', [0, 40], ['0', '0']],
] as const)('%s is reported on its days', (kind, days, reminders) => {
  expect(days.map((day) => rowOf(kind).reminderAt(daysAgo(day), NOW))).toEqual(reminders);
});

test.each([
  [15, undefined],
  [14, '14'],
  [8, '14'],
  [7, '7'],
  [2, '7'],
  [1, '1'],
  [0, '1'],
])('%i days before the end the countdown stands at %s', (daysLeft, reminder) => {
  expect(countdown([14, 7, 1], daysLeft)).toBe(reminder);
});

test.each<[Repeat, string]>([
  [ONCE, 'once'],
  [DAILY, 'every day'],
  [PATIENT, 'after three days, then every week'],
  [URGENT, 'every day for three days, then every week'],
  [{ days: [0, 1, 3, 7], every: 7 }, 'after 1, 3 and 7 days, then every week'],
  [{ days: [0, 1], every: 2 }, 'after one day, then every two days'],
  [{ days: [0], every: 30 }, 'every 30 days'],
  [{ days: [0, 14], every: 0 }, 'after 14 days'],
])('%j is said as "%s"', (repeat, words) => {
  expect(repeatInWords(repeat)).toBe(words);
});

test.each([
  ['awaiting-first-key', 'repeats after 1, 3 and 7 days, then every week.'],
  ['dead', 'repeats every day.'],
  ['overdue', 'repeats after three days, then every week.'],
  ['zombie', 'repeats every day for three days, then every week.'],
  ['contained', 'repeats every day for three days, then every week, until the key is dead.'],
  ['dies-with-its-owner', 'is sent once;'],
] as const)('the mail of %s says how often its row repeats it', (kind, words) => {
  expect(renderNotice(aNoticeContext(), aFinding(kind)).text.replace(/\s+/g, ' ')).toContain(
    `This mail ${words}`,
  );
});

describe('who has a reminder', () => {
  const every = [true, false].flatMap((people) =>
    [true, false].flatMap((topic) => [true, false].map((bus) => ({ people, topic, bus }))),
  );
  // People get it by the topic, so its machines have it, too.
  const possible = every.filter(({ people, topic }) => topic || !people);
  const nobody = { people: false, topic: false, bus: false };

  test.each(possible)('%j is remembered and read back', (holders) => {
    const remembered = rememberedAs('14', holders);
    expect(remembered === undefined ? nobody : holdersOf(remembered, '14')).toEqual(holders);
    expect(remembered ?? '14').toMatch(/^14(\+[ept]?)?$/);
  });

  test.each([
    [undefined, '14', nobody],
    ['14', '7', nobody],
    ['14+', '7', nobody],
    ['14@hsvxx', '14', nobody],
    ['new', '0', nobody],
    // As earlier releases wrote them.
    ['14', '14', { people: true, topic: true, bus: true }],
    ['14+', '14', { people: false, topic: true, bus: true }],
  ])('of %s is for reminder %s %j', (remembered, reminder, holders) => {
    expect(holdersOf(remembered, reminder)).toEqual(holders);
  });

  test('no mark looks like a reminder that waits, and a tag holds each', () => {
    for (const mark of possible.flatMap((holders) => rememberedAs('14', holders) ?? [])) {
      expect([mark, /^([^@]+)@([0-9a-z]{1,6})$/.test(mark)]).toEqual([mark, false]);
      expect([mark, reminderIn(mark)]).toEqual([mark, '14']);
      const { notices } = memoryFromTags(
        memoryToTags({ ...EMPTY_MEMORY, notices: { 'due.00000000': mark } }),
      );
      expect(notices).toEqual({ 'due.00000000': mark });
    }
  });
});

test('an end that only the bus is to hear of is the first to go where tags have no room', () => {
  const notices = { unwatched: '0', 'dead.11111111': 'over+p' };
  const o = anObservation({ versions: [], memory: { ...EMPTY_MEMORY, notices } });
  const { send, keep } = planNotices(o, [], NOW);
  expect(send.map(({ finding }) => finding.kind)).toEqual(['resolved']);
  expect(Object.keys(keep)).toEqual(['dead.11111111', 'unwatched']);
});
