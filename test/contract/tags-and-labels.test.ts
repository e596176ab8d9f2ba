import fc from 'fast-check';
import { parseRetireLabel, readLabels, retireLabel, toLabelUpdate } from '../../lib/contract/labels';
import { MEMORY_PREFIX, MEMORY_TAG_KEYS, memoryFromTags, memoryToTags } from '../../lib/contract/memory-tags';
import { EMPTY_MEMORY, type Memory, type Timeline } from '../../lib/domain/memory';

const second = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const day = second.map((date) => date.toISOString().slice(0, 10));
const id = fc
  .constantFrom('due', 'dead', 'blocked', 'zombie', 'rotation-complete')
  .chain((kind) => hex(8).map((fp) => `${kind}.${fp}`));

const memory: fc.Arbitrary<Memory> = fc.record(
  {
    checkedOn: day,
    verdict: fc.record(
      {
        fingerprint: hex(12),
        hint: hex(3).map((middle) => `sk-ant-api03-${middle}…igAA`),
        keyCreatedAt: second,
        kind: fc.constantFrom('ALIVE' as const, 'BLOCKED' as const, 'DEAD' as const, 'UNKNOWN' as const),
        reason: fc.constantFrom('billing', 'spend-limit'),
        since: second,
        unknownSince: second,
        refusedSince: second,
      },
      { requiredKeys: ['fingerprint', 'hint', 'keyCreatedAt', 'kind', 'since'] },
    ),
    notices: fc.dictionary(id, fc.nat(400).map(String), { maxKeys: 12 }),
    record: fc.record(
      {
        fingerprint: hex(12),
        id: hex(24),
        createdAt: second,
        expiresAt: second,
        personal: fc.boolean(),
        inspectedOn: day,
      },
      { requiredKeys: ['fingerprint', 'id', 'createdAt', 'personal', 'inspectedOn'] },
    ),
    snooze: fc.record({ until: second, reason: fc.constantFrom('Release freeze', 'Vendor / contract ends') }),
    home: fc.record({ organizationId: hex(8), workspaceId: hex(8) }),
    pendingRejection: fc.record({ version: hex(8), reason: fc.constantFrom('dead', 'elsewhere') }),
    rejectedKeys: fc.array(hex(8), { maxLength: 6 }),
    leaked: fc.array(fc.record({ beginning: hex(8), on: day.map((date) => new Date(date)) }), {
      maxLength: 2,
    }),
    sent: fc.array(
      hex(8).map((id) => `AKR-${id}`),
      { maxLength: 8 },
    ),
    timeline: fc.record(
      {
        fingerprint: hex(12),
        how: fc.constantFrom('submitted' as const),
        promotedAt: second,
        provenAt: second,
        graceEndsAt: second,
        submittedAt: second,
        deactivatedAt: second,
        undone: hex(8),
        undos: fc.record(
          { count: fc.integer({ min: 1, max: 99_999 }), on: day, submitted: fc.constant(true as const) },
          { requiredKeys: ['count', 'on'] },
        ),
      },
      { requiredKeys: [] },
    ),
    // As many as have room beside the fullest timeline.
    retiringHints: fc.array(
      hex(3).map((middle) => `sk-ant-api03-${middle}…igAA`),
      { maxLength: 1 },
    ),
    retiringKeys: fc.array(
      fc.record({
        version: hex(8),
        fingerprint: hex(12),
        hint: hex(3).map((middle) => `sk-ant-api03-${middle}…igAA`),
      }),
      { maxLength: 3 },
    ),
  },
  {
    requiredKeys: ['notices', 'rejectedKeys', 'leaked', 'sent', 'timeline', 'retiringHints', 'retiringKeys'],
  },
);

test('memory survives its tags, and AWS and the role allow every tag', () => {
  fc.assert(
    fc.property(memory, (before) => {
      const tags = memoryToTags(before);
      expect(withoutAbsent(memoryFromTags(tags))).toEqual(withoutAbsent(before));
      for (const [key, value] of Object.entries(tags)) {
        expect(MEMORY_TAG_KEYS).toContain(key);
        expect(value).toMatch(/^[A-Za-z0-9 _.:/=+@-]{1,256}$/);
      }
    }),
  );
});

test('unchanged memory is written as unchanged tags', () => {
  fc.assert(
    fc.property(memory, (before) => {
      const tags = memoryToTags(before);
      expect(memoryToTags(memoryFromTags(tags))).toEqual(tags);
    }),
  );
});

test('when the tags are full, the oldest notices are forgotten', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `zombie.${String(index).padStart(8, '0')}`);
  const notices = Object.fromEntries(ids.map((id) => [id, '0']));
  const kept = Object.keys(memoryFromTags(memoryToTags({ ...EMPTY_MEMORY, notices })).notices);
  expect(kept.length).toBeGreaterThan(20);
  expect([...kept].sort()).toEqual(ids.slice(-kept.length));
});

test('as many hints of superseded keys are kept as there is room for, those first whose time is over first', () => {
  const retiringHints = Array.from({ length: 11 }, (_, index) => `sk-ant-api03-${100 + index}…igAA`);
  const at = new Date('2026-11-21T00:00:00Z');
  const timeline = {
    fingerprint: 'f'.repeat(12),
    how: 'submitted',
    promotedAt: at,
    graceEndsAt: at,
  } as const;
  const kept = memoryFromTags(memoryToTags({ ...EMPTY_MEMORY, timeline, retiringHints }));
  expect(kept.timeline).toEqual(timeline);
  expect(kept.retiringHints.length).toBeGreaterThan(5);
  expect(kept.retiringHints).toEqual(retiringHints.slice(0, kept.retiringHints.length));
});

// It says when the key of this rotation was promoted, or else when the live key changed last: never both.
test.each([['promotedAt'], ['changedAt']] as const)(
  'the fullest timeline with %s fits into its tag',
  (change) => {
    const at = new Date('2026-11-21T00:00:00Z');
    const timeline: Required<Omit<Timeline, 'promotedAt' | 'changedAt'>> = {
      fingerprint: 'f'.repeat(12),
      how: 'direct-edit',
      submittedAt: at,
      [change]: at,
      graceEndsAt: at,
      deactivatedAt: at,
      recordOffAt: at,
      provenAt: at,
      undone: 'e'.repeat(8),
      undos: { count: 9_999, on: '2026-11-21', submitted: true },
    };
    const tags = memoryToTags({ ...EMPTY_MEMORY, timeline });
    expect(tags['anthropic-key-state:rotation']!.length).toBeLessThanOrEqual(256);
    expect(memoryFromTags(tags).timeline).toEqual(timeline);
  },
);

test('why an old key is not switched off is kept where there is room for it', () => {
  const doubted = {
    fingerprint: 'f'.repeat(12),
    doubt: { reason: 'refused', statuses: [400, 403] },
  } as const;
  const retiringHints = ['sk-ant-api03-R2D…igAA'];
  const kept = memoryFromTags(memoryToTags({ ...EMPTY_MEMORY, retiringHints, doubted }));
  expect(kept).toMatchObject({ retiringHints, doubted });
  const full = { ...EMPTY_MEMORY, retiringHints: Array(13).fill(retiringHints[0]), doubted };
  expect(memoryToTags(full)).toEqual(memoryToTags({ ...full, doubted: undefined }));
});

test.each([
  'usage=ffffffffffff',
  'usage=ffffffffffff:bored',
  'usage=:refused',
  'usage=ffffffffffff:toString',
])('what is no reason in a tag is forgotten: %s', (text) => {
  expect(memoryFromTags({ [`${MEMORY_PREFIX}rotation`]: text }).doubted).toBeUndefined();
});

test('no text in a tag is an error', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...MEMORY_TAG_KEYS), fc.string()), (tags) => {
      expect(() => memoryFromTags(tags)).not.toThrow();
    }),
  );
});

test.each<[string, readonly (keyof Memory)[]]>([
  ['verdict', ['verdict']],
  ['record', ['record']],
  ['snooze', ['snooze']],
  ['rotation', ['timeline', 'retiringHints']],
  ['submission', ['home', 'pendingRejection', 'rejectedKeys', 'leaked']],
])('with a damaged tag %s, what it says is forgotten and nothing else', (name, fields) => {
  const forgotten = Object.fromEntries(fields.map((field) => [field, EMPTY_MEMORY[field]]));
  fc.assert(
    fc.property(memory, (before) => {
      const tags = { ...memoryToTags(before), [MEMORY_PREFIX + name]: 'damaged' };
      expect(withoutAbsent(memoryFromTags(tags))).toEqual(withoutAbsent({ ...before, ...forgotten }));
    }),
  );
});

test('only the damaged dates of a rotation are forgotten', () => {
  const timeline = {
    promotedAt: new Date('2026-11-21T06:00:00Z'),
    provenAt: new Date('2026-11-24T06:00:00Z'),
  };
  const tags = memoryToTags({ ...EMPTY_MEMORY, timeline });
  const key = `${MEMORY_PREFIX}rotation`;
  const damaged = { ...tags, [key]: tags[key]!.replace(/promoted=\S+/, 'promoted=soon') };
  expect(memoryFromTags(damaged).timeline).toEqual({ provenAt: timeline.provenAt });
});

test('a deadline survives its label, to the second, and no two versions have one label', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), second, (version, other, until) => {
      const label = retireLabel(version, until);
      expect(label.length).toBeLessThanOrEqual(256);
      expect(parseRetireLabel(label)).toEqual({ label, until });
      expect(retireLabel(other, until) === label).toBe(other === version);
    }),
  );
  expect(readLabels(['AWSCURRENT', 'RETIRE_AFTER_soon', 'RETIRE_AFTER_20269999T000000Z_v']).retire).toEqual(
    [],
  );
});

test.each([
  [
    { do: 'accept' as const, versionId: 'new', from: 'old' },
    { label: 'ACCEPTED', to: 'new', from: 'old' },
  ],
  [
    { do: 'clear-pending' as const, versionId: 'new' },
    { label: 'AWSPENDING', from: 'new' },
  ],
  [
    { do: 'make-current' as const, versionId: 'old', from: 'new' },
    { label: 'AWSCURRENT', to: 'old', from: 'new' },
  ],
])('%j names the version it was decided on', (move, stage) => {
  expect(toLabelUpdate(move)).toEqual(stage);
});

const withoutAbsent = (value: unknown) => JSON.parse(JSON.stringify(value));
