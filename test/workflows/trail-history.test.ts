import { MINUTE, plus } from '../../lib/domain/time';
import type { TrailEvent } from '../../lib/workflows/ports';
import { historyFromTrail } from '../../lib/workflows/trail-history';
import { aKey, NOW } from '../builders';

const key = aKey({ environment: 'prod' });
const ROTATE = 'anthropic-keys-prod-rotate-eu-central-1/anthropic-keys-prod-rotate';
const CHECK = 'anthropic-keys-prod-check-eu-central-1/anthropic-keys-prod-check';
const KIM = 'KeyOperator/kim@example.com';

let count = 0;
const event = (minute: number, changes: Partial<TrailEvent>): TrailEvent => ({
  id: `event-${++count}`,
  at: plus(NOW, minute * MINUTE),
  name: 'PutSecretValue',
  secretId: key.secretArn,
  labels: [],
  by: KIM,
  ...changes,
});
const current = { name: 'UpdateSecretVersionStage', labels: ['AWSCURRENT'], versionId: '5e0cbe3d-1' };

test.each<[string, Partial<TrailEvent>, string | undefined]>([
  ['a put under SUBMITTED', { labels: ['SUBMITTED'] }, 'submitted'],
  ['a put without labels', {}, 'direct-edit'],
  ['a put under AWSCURRENT', { labels: ['AWSCURRENT'] }, 'direct-edit'],
  ['a put under another label', { labels: ['theirs'] }, undefined],
  ['the rotation’s own put', { by: ROTATE, labels: ['AWSPENDING'] }, undefined],
  ['an update of the value', { name: 'UpdateSecret', versionId: '5e0cbe3d-1' }, 'direct-edit'],
  ['an update of the description', { name: 'UpdateSecret' }, undefined],
  ['AWSCURRENT moved by the rotation', { ...current, by: ROTATE }, 'promoted'],
  ['AWSCURRENT moved by the check', { ...current, by: CHECK }, 'rolled-back'],
  ['AWSCURRENT moved by a person', current, 'direct-edit'],
  [
    'AWSCURRENT moved by a role that sounds alike',
    { ...current, by: 'my-anthropic-keys-prod-check/x' },
    'direct-edit',
  ],
  [
    'AWSCURRENT moved by another environment’s check',
    { ...current, by: 'anthropic-keys-dev-check/x' },
    'direct-edit',
  ],
  ['another label moved', { ...current, labels: ['ACCEPTED'] }, undefined],
  ['a rotation that succeeded', { name: 'RotationSucceeded', by: undefined }, 'promoted'],
  ['a rotation that failed', { name: 'RotationFailed', by: undefined }, 'rotation-failed'],
  ['a rotation that was given up', { name: 'RotationAbandoned', by: undefined }, 'rotation-failed'],
  ['what is not known', { name: 'ReplicateSecretToRegions' }, undefined],
])('%s', (_, changes, step) => {
  const told = event(0, changes);
  expect(historyFromTrail([told], key)).toEqual(
    step === undefined
      ? []
      : [expect.objectContaining({ step, at: NOW, requestId: told.id, sources: ['cloudtrail'] })],
  );
});

test('a promotion is attributed to the caller of RotateSecret, a scheduled one to nobody', () => {
  const course = [
    event(2, { name: 'RotationSucceeded', by: undefined }),
    event(0, { labels: ['SUBMITTED'] }),
    event(1, { name: 'RotateSecret', by: 'KeyOperator/sam' }),
  ];
  expect(historyFromTrail(course, key).map(({ step, by }) => [step, by])).toEqual([
    ['submitted', KIM],
    ['promoted', 'KeyOperator/sam'],
  ]);
  const scheduled = event(90, { name: 'RotationSucceeded', by: undefined });
  expect(historyFromTrail([...course, scheduled], key).at(-1)).not.toHaveProperty('by');
});

test('a promotion is one entry, although the rotation moves the label and then says that it succeeded', () => {
  const course = [
    event(0, { name: 'RotateSecret', by: 'KeyOperator/sam' }),
    event(1, { ...current, by: ROTATE }),
    event(2, { name: 'RotationSucceeded', by: undefined }),
    event(3, { name: 'RotateSecret', by: CHECK }),
    event(4, { ...current, by: ROTATE }),
    event(5, { name: 'RotationSucceeded', by: undefined }),
  ];
  expect(historyFromTrail(course, key).map(({ at, by }) => [at, by])).toEqual([
    [plus(NOW, MINUTE), 'KeyOperator/sam'],
    [plus(NOW, 4 * MINUTE), 'anthropic-keys-prod-check'],
  ]);
});

test('consecutive failures are one entry with their number', () => {
  const failed = (minute: number) => event(minute, { name: 'RotationFailed', by: undefined });
  const told = historyFromTrail(
    [failed(0), failed(5), failed(60), event(61, { labels: ['SUBMITTED'] }), failed(62)],
    key,
  );
  expect(told.map(({ step, note }) => [step, note])).toEqual([
    ['rotation-failed', 'started by its schedule; 3 times, last at 2026-11-21T15:00Z'],
    ['submitted', undefined],
    ['rotation-failed', 'started by its schedule'],
  ]);
});

test('a failure is attributed to whoever started the rotation', () => {
  const course = [
    event(0, { name: 'RotateSecret', by: KIM }),
    event(1, { name: 'RotationFailed', by: undefined }),
    event(2, { name: 'RotationAbandoned', by: undefined }),
  ];
  expect(historyFromTrail(course, key).map(({ by, note }) => [by, note])).toEqual([
    [KIM, '2 times, last at 2026-11-21T14:02Z'],
  ]);
});

test.each([
  ['ARN', key.secretArn, 1],
  ['name', key.secretName, 1],
  ['ARN without its random end', key.secretArn.replace(/-[A-Za-z0-9]{6}$/, ''), 1],
  ['another name that begins alike', `${key.secretName}-2`, 0],
])('a secret is known by its %s', (_, secretId, found) => {
  expect(historyFromTrail([event(0, { secretId })], key)).toHaveLength(found);
});
