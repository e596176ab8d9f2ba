import { rowOf } from '../../lib/domain/findings/catalogue';
import { readFindingId } from '../../lib/domain/findings/finding';
import { dead } from '../../lib/domain/findings/kinds/dead';
import { resolved } from '../../lib/domain/findings/kinds/resolved';
import { assess } from '../../lib/domain/rotation/assess';
import { aKeyRef, alive, anObservation, aVersion, daysAgo, FINDING_KINDS, NOW } from '../builders';

test.each(FINDING_KINDS)('the id of %s is read back as it was made', (kind) => {
  expect(readFindingId(rowOf(kind).idOf())).toEqual({ kind });
  expect(readFindingId(rowOf(kind).idOf('0a1b2c3d'))).toEqual({ kind, about: '0a1b2c3d' });
});

test('the end of a finding says of which', () => {
  const id = resolved.idOf(dead.idOf('0a1b2c3d'));
  expect(readFindingId(id)).toEqual({ kind: 'resolved', about: 'dead.0a1b2c3d' });
});

test('a finding is about the beginning of a fingerprint or version id: memory has little room', () => {
  const { fingerprint } = aKeyRef();
  const versions = [
    aVersion('current', { current: true, accepted: true, verdict: alive(), createdAt: daysAgo(100) }),
  ];
  const ids = assess(anObservation({ versions }), NOW).findings.map(({ id }) => readFindingId(id));
  expect(ids).toContainEqual({ kind: 'overdue', about: fingerprint.slice(0, 8) });
});
