import { findingId, readFindingId } from '../../lib/domain/findings/finding';
import { finding } from '../../lib/domain/findings/make-finding';
import { aKeyRef, daysAgo, FINDING_KINDS } from '../builders';

test.each(FINDING_KINDS)('the id of %s is read back as it was made', (kind) => {
  expect(readFindingId(findingId(kind))).toEqual({ kind });
  expect(readFindingId(findingId(kind, '0a1b2c3d'))).toEqual({ kind, about: '0a1b2c3d' });
});

test('the end of a finding says of which', () => {
  const id = findingId('resolved', findingId('dead', '0a1b2c3d'));
  expect(readFindingId(id)).toEqual({ kind: 'resolved', about: 'dead.0a1b2c3d' });
});

test('a finding is about the beginning of a fingerprint or version id: memory has little room', () => {
  const { fingerprint } = aKeyRef();
  const details = {
    current: aKeyRef(),
    createdAt: daysAgo(90),
    dueAt: daysAgo(0),
    daysOver: 0,
    live: { kind: 'ALIVE' } as const,
  };
  const { id } = finding('overdue', '0', details, fingerprint);
  expect(readFindingId(id)).toEqual({ kind: 'overdue', about: fingerprint.slice(0, 8) });
});
