import { rowOf } from '../../lib/domain/findings/catalogue';
import { readFindingId } from '../../lib/domain/findings/finding';
import { dead } from '../../lib/domain/findings/kinds/dead';
import { resolved } from '../../lib/domain/findings/kinds/resolved';
import { assess } from '../../lib/domain/rotation/assess';
import { aKeyRef, alive, anObservation, aVersion, daysAgo, FINDING_KINDS, NOW } from '../builders';

test.each(FINDING_KINDS)('the id of %s can be split again', (kind) => {
  expect(readFindingId(rowOf(kind).idOf())).toEqual({ kind });
  expect(readFindingId(rowOf(kind).idOf('0a1b2c3d'))).toEqual({ kind, about: '0a1b2c3d' });
});

test('the end of a finding says which one ended', () => {
  const id = resolved.idOf(dead.idOf('0a1b2c3d'));
  expect(readFindingId(id)).toEqual({ kind: 'resolved', about: 'dead.0a1b2c3d' });
});

test('a finding id holds only the prefix of a fingerprint or version id, since memory is small', () => {
  const { fingerprint } = aKeyRef();
  const versions = [
    aVersion('current', { current: true, accepted: true, verdict: alive(), createdAt: daysAgo(100) }),
  ];
  const ids = assess(anObservation({ versions }), NOW).findings.map(({ id }) => readFindingId(id));
  expect(ids).toContainEqual({ kind: 'overdue', about: fingerprint.slice(0, 8) });
});
