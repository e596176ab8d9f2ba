import { type Timeline, timelineAbout } from '../../lib/domain/memory';
import { changeKnown } from '../../lib/domain/rotation/remember';
import { aKeyRef, anObservation, aVersion, daysAgo } from '../builders';

const changed = daysAgo(2);

/** A secret whose live key is accepted, and was created so many days ago, with what memory tells of its last change. */
const seen = (createdDaysAgo: number, timeline: Timeline) => {
  const live = aVersion('current', { createdAt: daysAgo(createdDaysAgo), current: true, accepted: true });
  const { memory } = anObservation();
  return anObservation({ versions: [live], memory: { ...memory, timeline } });
};

test.each<[string, ReturnType<typeof seen>, Date | undefined]>([
  ['the rotation that memory tells', seen(3, { fingerprint: 'old', promotedAt: changed }), changed],
  ['a later change, told beside another rotation', seen(3, { changedAt: changed }), changed],
  ['nothing that memory tells', seen(3, {}), undefined],
  ['a key that came after what memory tells', seen(1, { promotedAt: changed }), undefined],
  [
    'a key that came back after it was left',
    seen(3, { fingerprint: aKeyRef('current').fingerprint, promotedAt: changed }),
    undefined,
  ],
])('when the live key changed, by %s', (_, observation, expected) => {
  expect(changeKnown(observation)).toEqual(expected);
});

test('the proof that an older key is dead takes the place of a rotation, and keeps when the live key changed', () => {
  const { memory } = seen(3, { fingerprint: 'old', promotedAt: changed });
  const proven = timelineAbout(memory, 'older');
  expect(proven.fingerprint).toBe('older');
  expect(changeKnown(seen(3, proven))).toEqual(changed);
});
