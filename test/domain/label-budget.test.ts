import type { LabelMove } from '../../lib/domain/label-move';
import { hasRoomForRotation, withinBudget } from '../../lib/domain/rotation/label-budget';
import type { KeyVersion } from '../../lib/domain/secret';
import { aVersion, daysAgo } from '../builders';

const role = (seed: string, overrides: Partial<KeyVersion>) => aVersion(seed, overrides);
const live = role('live', { current: true, accepted: true, labels: 2 });
const previous = role('old', { previous: true, labels: 1 });
const pinned = (n: number) =>
  Array.from({ length: n }, (_, i) =>
    role(`pinned-${i}`, { retire: [{ label: `R${i}`, until: daysAgo(i) }], labels: 1 }),
  );
const followed = (n: number) =>
  Array.from({ length: n }, (_, i) =>
    role(`followed-${i}`, { followed: [{ label: `F${i}`, until: daysAgo(i) }], labels: 1 }),
  );
const leaked = role('leaked', { leaks: [{ label: 'L', beginning: 'ffffffff', on: daysAgo(1) }], labels: 1 });
const strange = (labels: number) => role('strange', { labels });

const pin: LabelMove = { do: 'pin', versionId: 'next', until: daysAgo(0) };
const follow: LabelMove = { do: 'follow', versionId: 'next', until: daysAgo(0) };
const mark: LabelMove = { do: 'mark-leaked', versionId: 'next', fingerprint: 'f'.repeat(12), at: daysAgo(0) };

const shown = (moves: readonly LabelMove[]) =>
  moves.map((move) => (move.do === 'unpin' ? `unpin ${move.label}` : move.do));

test.each([
  ['an ordinary secret', [live, previous, ...pinned(3)], true],
  ['eleven deadlines', [live, previous, ...pinned(11)], true],
  ['twelve deadlines, which an earlier release allowed', [live, previous, ...pinned(12)], true],
  ['thirteen', [live, previous, ...pinned(13)], true],
  ['fourteen', [live, previous, ...pinned(14)], false],
  ['ten deadlines and four labels of strangers', [live, previous, ...pinned(10), strange(4)], false],
  ['followed keys, which yield', [live, previous, ...pinned(10), ...followed(7)], true],
  ['a leak, which never yields', [live, previous, ...pinned(12), leaked, strange(1)], false],
])('a submission to a secret with %s has room: %#', (_, versions, room) => {
  expect(hasRoomForRotation(versions)).toBe(room);
});

test.each([
  ['where there is room nothing yields', [live, previous, ...followed(2)], [pin], ['pin']],
  [
    'a followed key yields to a deadline, the nearest deadline first',
    [live, previous, ...pinned(10), ...followed(3)],
    [pin],
    ['unpin F2', 'pin'],
  ],
  ['and to a leak', [live, previous, ...pinned(10), ...followed(3)], [mark], ['unpin F2', 'mark-leaked']],
  ['a refused key is not followed where there is no room', [live, previous, ...pinned(13)], [follow], []],
  [
    'but an older one yields to it',
    [live, previous, ...pinned(12), ...followed(1)],
    [follow],
    ['unpin F0', 'follow'],
  ],
  ['a deadline never yields', [live, previous, ...pinned(14)], [pin], ['pin']],
  ['nor does a leak', [live, previous, ...pinned(14), leaked], [mark], ['mark-leaked']],
  [
    'what goes anyway makes room',
    [live, previous, ...pinned(13)],
    [{ do: 'unpin', versionId: 'x', label: 'R1' } as const, pin],
    ['unpin R1', 'pin'],
  ],
  [
    'and does not yield twice',
    [live, previous, ...pinned(12), ...followed(1)],
    [{ do: 'unpin', versionId: 'x', label: 'F0' } as const, pin],
    ['unpin F0', 'pin'],
  ],
])('within 20 labels %s', (_, versions, moves, expected) => {
  expect(shown(withinBudget(versions, moves))).toEqual(expected);
});
