import { type FindingKind, rowOf } from '../../lib/domain/findings/catalogue';
import { FINDING_KINDS } from '../builders';

/** Every critical kind, whether an exemption hides it, and why. */
const CRITICAL: Readonly<Partial<Record<FindingKind, readonly [hidden: boolean, why: string]>>> = {
  overdue: [true, 'More time is what an exemption gives.'],
  blocked: [true, 'The key is neither lost nor abused, and whoever asked for quiet knows of it.'],
  dead: [false, 'The service fails.'],
  refused: [false, 'The service may be failing.'],
  'usage-spike': [false, 'The key may be leaked.'],
  contained: [false, 'The key is leaked.'],
  foreign: [false, 'Somebody else pays for the key and may switch it off.'],
  'not-a-key': [false, 'The service fails, or was stopped by somebody.'],
  'direct-edit-refused': [false, 'The service fails, or speaks as somebody else.'],
  'rolled-back': [false, 'The live key is not the one that somebody wrote.'],
  unaccepted: [false, 'Somebody else may pay for the key, and the one before it stays alive.'],
  'lost-track': [false, 'A key may be alive that no check asks about.'],
  zombie: [false, 'A key that should be off can still be used.'],
  unwatched: [false, 'Nobody knows about any of the others.'],
};

test('each critical kind is in the table above, and only those', () => {
  const critical = FINDING_KINDS.filter((kind) => rowOf(kind).severity === 'critical');
  expect(Object.keys(CRITICAL).sort()).toEqual(critical.sort());
});

test.each(Object.entries(CRITICAL))('a snooze and %s: hidden %j', (kind, [hidden]) => {
  expect(rowOf(kind as FindingKind).snooze !== false).toBe(hidden);
});
