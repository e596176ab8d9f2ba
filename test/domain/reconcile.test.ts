import { EMPTY_MEMORY } from '../../lib/domain/memory';
import { reconcile } from '../../lib/domain/rotation/reconcile';
import type { KeyVersion } from '../../lib/domain/secret';
import { HOUR, MINUTE, plus } from '../../lib/domain/time';
import {
  alive,
  anObservation,
  aPolicy,
  aVersion,
  blocked,
  daysAgo,
  dead,
  NOW,
  unknown,
  versionId,
} from '../builders';

const live = (seed: string, more: Partial<KeyVersion> = {}) =>
  aVersion(seed, { current: true, createdAt: daysAgo(0), ...more });
const good = { verdict: alive(), whereabouts: 'home' as const };
const accepted = (more: Partial<KeyVersion> = {}) =>
  aVersion('old', { accepted: true, previous: true, ...more });
const label = { label: 'RETIRE_AFTER_20261101T000000Z_x', until: daysAgo(20) };

/** A move, and the seed of its version. */
function moves(versions: readonly KeyVersion[], policy = aPolicy()) {
  const seeds = ['current', 'old', 'new', 'edit', 'paste', 'pending'];
  const named = (id: string) => seeds.find((seed) => versionId(seed) === id) ?? id;
  return reconcile(anObservation({ versions, policy }), NOW).map(
    (move) => `${move.do} ${named(move.versionId)}`,
  );
}

const TABLE: readonly [string, readonly KeyVersion[], readonly string[]][] = [
  ['settled', [live('current', { accepted: true, ...good })], []],
  ['the first key, alive', [live('new', good)], ['accept new']],
  ['the first key, no answer', [live('new', { verdict: unknown() })], []],
  ['the first key, dead', [live('new', { verdict: dead() })], []],
  ['a new key, alive', [live('new', good), accepted()], ['pin old', 'accept new']],
  [
    'a new key that was submitted',
    [live('new', good), accepted(), aVersion('paste', { submitted: true, content: live('new').content })],
    ['pin old', 'accept new', 'clear-submitted paste'],
  ],
  ['a new key, no answer', [live('new', { verdict: unknown() }), accepted({ ...good })], []],
  ['a new key, blocked', [live('new', { verdict: blocked('billing') }), accepted({ ...good })], []],
  ['a dead edit over an alive key', [live('new', { verdict: dead() }), accepted(good)], ['make-current old']],
  ['a dead edit over a dead key', [live('new', { verdict: dead() }), accepted({ verdict: dead() })], []],
  [
    'a dead edit over a key that gives no answer',
    [live('new', { verdict: dead() }), accepted({ verdict: unknown() })],
    [],
  ],
  [
    'a foreign edit over an alive key',
    [live('new', { verdict: alive(), whereabouts: 'elsewhere' }), accepted(good)],
    ['make-current old'],
  ],
  [
    'a malformed edit',
    [live('new', { content: { kind: 'malformed', reason: 'truncated' } }), accepted(good)],
    ['make-current old'],
  ],
  ['a deliberate stop', [live('new', { content: { kind: 'other', reason: 'stopped' } }), accepted(good)], []],
  ['an emptied secret', [live('new', { content: { kind: 'placeholder' } }), accepted(good)], []],
  [
    'a submitted key that died before it was accepted',
    [
      live('new', { verdict: dead() }),
      accepted(good),
      aVersion('paste', { submitted: true, content: live('new').content }),
    ],
    ['make-current old'],
  ],
  ['the same key again', [live('edit', { ...good, content: accepted().content }), accepted()], []],
  [
    'an edit that was overtaken before anybody looked',
    [live('new', good), accepted(), aVersion('edit', { createdAt: daysAgo(1), labels: 0 })],
    ['pin old', 'pin edit', 'accept new'],
  ],
  [
    'an overtaken edit that is dead',
    [live('new', good), accepted(), aVersion('edit', { createdAt: daysAgo(1), labels: 0, verdict: dead() })],
    ['pin old', 'accept new'],
  ],
  [
    'a deadline on the live key',
    [live('current', { accepted: true, ...good, retire: [label] })],
    ['unpin current'],
  ],
  [
    'a deadline on a copy of the live key',
    [
      live('current', { accepted: true, ...good }),
      aVersion('edit', { content: aVersion().content, retire: [label] }),
    ],
    ['unpin edit'],
  ],
  ['a crash after the pin', [live('new', good), accepted({ retire: [label] })], ['accept new']],
  [
    'a rotation under way',
    [
      live('new', good),
      accepted(),
      aVersion('pending', { pending: true, createdAt: plus(NOW, -14 * MINUTE) }),
    ],
    [],
  ],
  [
    'a rotation that died',
    [
      live('current', { accepted: true, ...good }),
      aVersion('pending', { pending: true, createdAt: plus(NOW, -HOUR / 2), content: { kind: 'unread' } }),
    ],
    ['clear-pending pending'],
  ],
];

test.each(TABLE)('%s', (_, versions, expected) => {
  expect(moves(versions)).toEqual(expected);
});

test('roll-back can be switched off', () => {
  expect(moves([live('new', { verdict: dead() }), accepted(good)], aPolicy({ autoRollback: false }))).toEqual(
    [],
  );
});

test('a refused submission is never tracked as an old key', () => {
  const versions = [live('new', good), accepted(), aVersion('edit', { createdAt: daysAgo(1), labels: 0 })];
  const edit = versions[2]!.content;
  const rejectedKeys = [edit.kind === 'key' ? edit.fingerprint.slice(0, 8) : ''];
  const observation = anObservation({ versions, memory: { ...EMPTY_MEMORY, rejectedKeys } });
  expect(reconcile(observation, NOW).map((move) => move.do)).toEqual(['pin', 'accept']);
});
