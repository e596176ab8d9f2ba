import { managedKey } from '../../lib/cli/managed-key';
import { progressOf } from '../../lib/cli/submit/progress';
import { isSubmissionOf, newSubmission } from '../../lib/cli/submit/submission-token';
import { memoryToTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import { versionMark } from '../../lib/domain/key';
import type { Memory } from '../../lib/domain/memory';
import { aKey, aPolicy, aRememberedVerdict } from '../builders';
import { aMemory } from '../fleet-listing';

const FINGERPRINT = '4f2c91aa03d7';
const [OLD, SUBMITTED, NEW] = ['old', 'sub', 'new'].map((id) => `${id}`.padEnd(36, '0')) as [
  string,
  string,
  string,
];
const MINE = { token: SUBMITTED, fingerprint: FINGERPRINT, before: OLD };

const see = (stages: Record<string, string[]>, memory: Partial<Memory> = {}) =>
  progressOf(
    managedKey({
      arn: aKey().secretArn,
      name: aKey().secretName,
      createdAt: new Date(0),
      rotationEnabled: true,
      tags: { ...policyToTags(aKey(), aPolicy()), ...memoryToTags(aMemory(memory)) },
      stages,
    }),
    MINE,
  );

const mineIsLive = { verdict: aRememberedVerdict({ fingerprint: FINGERPRINT }) };

test('stored, and no rotation has started: it waits', () => {
  expect(see({ [OLD]: ['AWSCURRENT', 'ACCEPTED'], [SUBMITTED]: ['SUBMITTED'] })).toEqual({ at: 'waiting' });
});

test('a rotation has begun: it is tested', () => {
  const stages = { [OLD]: ['AWSCURRENT', 'ACCEPTED'], [SUBMITTED]: ['SUBMITTED'], [NEW]: ['AWSPENDING'] };
  expect(see(stages)).toEqual({ at: 'testing' });
});

test('AWSCURRENT has moved and nothing is settled: not yet live', () => {
  const stages = {
    [OLD]: ['AWSPREVIOUS', 'ACCEPTED'],
    [SUBMITTED]: ['SUBMITTED'],
    [NEW]: ['AWSCURRENT', 'AWSPENDING'],
  };
  expect(see(stages)).toEqual({ at: 'settling' });
});

test('labels alone make nothing live: the function must say that the live key is this one', () => {
  const stages = { [OLD]: ['AWSPREVIOUS'], [NEW]: ['AWSCURRENT', 'ACCEPTED'] };
  expect(see(stages)).toEqual({ at: 'settling' });
  expect(see(stages, mineIsLive)).toEqual({ at: 'live' });
});

test('somebody else’s key became live: this one is not', () => {
  const another = { verdict: aRememberedVerdict({ fingerprint: 'aaaaaaaaaaaa' }) };
  const stages = { [OLD]: ['AWSCURRENT', 'ACCEPTED'], [NEW]: ['SUBMITTED'] };
  expect(see(stages, another)).toEqual({ at: 'gone' });
});

test('a refusal counts for its own version only', () => {
  const stages = { [OLD]: ['AWSCURRENT', 'ACCEPTED'], [SUBMITTED]: ['SUBMITTED'] };
  const refused = { pendingRejection: { version: versionMark(SUBMITTED), reason: 'elsewhere' } } as const;
  expect(see(stages, refused)).toEqual({ at: 'refused', reason: 'elsewhere', mailed: false });
  expect(see({ [OLD]: ['AWSCURRENT', 'ACCEPTED'] }, refused)).toMatchObject({ mailed: true });
  expect(see(stages, { pendingRejection: { version: 'another0', reason: 'dead' } as const })).toEqual({
    at: 'waiting',
  });
});

describe('the version id of a submission', () => {
  const arn = aKey().secretArn;

  test('is the same for whoever runs the command again', () => {
    expect(newSubmission(arn, FINGERPRINT, [])).toBe(newSubmission(arn, FINGERPRINT, []));
    expect(newSubmission(arn, FINGERPRINT, [])).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is never one that the secret has had, and is still known as ours', () => {
    const first = newSubmission(arn, FINGERPRINT, []);
    const second = newSubmission(arn, FINGERPRINT, [first]);
    expect(second).not.toBe(first);
    expect(isSubmissionOf(second, arn, FINGERPRINT)).toBe(true);
    expect(isSubmissionOf(second, arn, 'aaaaaaaaaaaa')).toBe(false);
    expect(isSubmissionOf(second, `${arn}x`, FINGERPRINT)).toBe(false);
  });
});
