import fc from 'fast-check';
import { keyCreatedAt } from '../../lib/domain/key-age';
import { aKeyRef, alive, anObservation, aVersion, daysAgo } from '../builders';

const { fingerprint } = aKeyRef();
const record = (days: number) => ({
  id: 'apikey_1',
  name: 'k',
  status: 'active' as const,
  createdAt: daysAgo(days),
  personal: false,
});

test('a key is as old as its earliest known date', () => {
  const base = anObservation();
  expect(keyCreatedAt(base)).toEqual(daysAgo(10));
  expect(keyCreatedAt({ ...base, statedCreation: { fingerprint, createdAt: daysAgo(400) } })).toEqual(
    daysAgo(400),
  );
  expect(keyCreatedAt({ ...base, inspections: [{ fingerprint, record: record(30) }] })).toEqual(daysAgo(30));
});

test('what is known about another key does not count', () => {
  const other = aKeyRef('other').fingerprint;
  const o = anObservation({
    statedCreation: { fingerprint: other, createdAt: daysAgo(400) },
    inspections: [{ fingerprint: other, record: record(300) }],
  });
  expect(keyCreatedAt(o)).toEqual(daysAgo(10));
});

test('a waiting submission makes its key no older, and writing the live key again makes it no younger', () => {
  const current = aVersion('current', { current: true, createdAt: daysAgo(1), verdict: alive() });
  const submitted = aVersion('current', { id: 'submitted', submitted: true, createdAt: daysAgo(2) });
  const first = aVersion('current', { id: 'first', accepted: true, createdAt: daysAgo(80) });
  expect(keyCreatedAt(anObservation({ versions: [current, submitted] }))).toEqual(daysAgo(1));
  expect(keyCreatedAt(anObservation({ versions: [current, first] }))).toEqual(daysAgo(80));
});

test('more knowledge never makes a key younger', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(500)),
      fc.option(fc.nat(500)),
      fc.option(fc.nat(500)),
      (versions, stated, recorded) => {
        const o = anObservation({
          versions: [
            ...anObservation().versions,
            ...versions.map((days, i) =>
              aVersion('current', { id: `v${i}`, previous: true, createdAt: daysAgo(days) }),
            ),
          ],
        });
        const more = {
          ...o,
          ...(stated === null ? {} : { statedCreation: { fingerprint, createdAt: daysAgo(stated) } }),
          ...(recorded === null ? {} : { inspections: [{ fingerprint, record: record(recorded) }] }),
        };
        expect(keyCreatedAt(more)!.getTime()).toBeLessThanOrEqual(keyCreatedAt(o)!.getTime());
      },
    ),
  );
});
