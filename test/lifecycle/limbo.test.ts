import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { policyToTags } from '../../lib/contract/policy-tags';
import { ApiKey } from '../../lib/domain/key';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { DAY } from '../../lib/domain/time';
import { clientConfig } from '../../local/aws';
import { TestEnvironment, TestKey } from './test-key';

const fingerprint = (key: string) => new ApiKey(key).fingerprint;

let testKey: TestKey;

afterEach(() => testKey.close());

const labelAt = (prefix: string) =>
  testKey.secret.versions.flatMap(({ labels }) => labels).find((label) => label.startsWith(prefix));

/** What somebody does by hand with a label. */
const moveLabel = (VersionStage: string, ids: { MoveToVersionId?: string; RemoveFromVersionId?: string }) =>
  testKey.sandbox.aws.secretsManager.perform('UpdateSecretVersionStage', {
    SecretId: testKey.secretName,
    VersionStage,
    ...ids,
  });

/** A proxy on the way takes the headers of Anthropic out of every answer. */
function stripHeaders(): () => void {
  const json = { 'content-type': 'application/json' };
  const message = {
    id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
    type: 'message',
    role: 'assistant',
    content: [],
    model: 'claude-haiku-5-5',
    usage: { input_tokens: 8, output_tokens: 1 },
  };
  const answers = [
    testKey.sandbox.anthropic.script(
      { status: 200, headers: json, body: JSON.stringify(message) },
      { path: '/v1/messages' },
    ),
    testKey.sandbox.anthropic.script(
      {
        status: 200,
        headers: { ...json, 'request-id': 'req_011CSHoEeqs5C35K2UUqR7Fy' },
        body: '{"input_tokens":3}',
      },
      { path: '/v1/messages/count_tokens' },
    ),
  ];
  return () => {
    for (const end of answers) end();
  };
}

test('a live key of which nobody can tell where it lives is told of, until that is known', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const end = stripHeaders();
  const next = testKey.newKey();
  await testKey.edit(next);
  await testKey.after(1);
  expect(testKey.told).not.toContain('unaccepted');
  await testKey.days(1);
  expect(testKey.told.at(-1)).toBe('unaccepted');
  expect(testKey.accepted).toBe(first);
  end();
  await testKey.after(1);
  expect(testKey.accepted).toBe(next);
  expect(testKey.told.slice(-2).sort()).toEqual(['resolved', 'rotated']);
});

test('going back to a key of which nobody can tell where it lives takes a flag, and stays told', async () => {
  testKey = await TestKey.build();
  const first = await testKey.promoteFirstKey();
  const second = testKey.newKey();
  await testKey.submit(second);
  stripHeaders();
  await expect(testKey.command({ verb: 'roll-back' })).rejects.toThrow('--home-unknown');
  expect(testKey.live).toBe(second);
  await testKey.command({ verb: 'roll-back', homeUnknown: true });
  expect(testKey.live).toBe(first);
  await testKey.days(1);
  expect(testKey.told).toContain('unaccepted');
});

test('an old key whose deadline is taken off by hand gets it again, and people hear of it', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  const deadline = testKey.retiring[0]!.until;
  const id = testKey.at('RETIRE_AFTER')!;
  await moveLabel(labelAt('RETIRE_AFTER')!, { RemoveFromVersionId: id });
  await testKey.after(1);
  expect(testKey.retiring).toEqual([{ key: old, until: deadline }]);
  expect(testKey.told.filter((kind) => kind === 'lost-track')).toHaveLength(1);
  await testKey.days(3);
  expect(testKey.told).toContain('grace-over');
  expect(testKey.told.filter((kind) => kind === 'lost-track')).toHaveLength(1);
});

test.each([
  ['behind another old key', false],
  ['after another old key was proven dead', true],
])('an old key that loses its deadline %s gets it again, and people hear of it', async (_, proven) => {
  testKey = await TestKey.build();
  const oldest = await testKey.promoteFirstKey();
  const middle = testKey.newKey();
  await testKey.submit(middle);
  await testKey.submit(testKey.newKey());
  await testKey.after(1);
  if (proven) testKey.sandbox.anthropic.disable(oldest);
  await testKey.after(1);
  const lost = proven ? middle : oldest;
  const version = testKey.secret.versions.find(
    ({ id, labels }) =>
      testKey.keyOf(id) === lost && labels.some((label) => label.startsWith('RETIRE_AFTER')),
  )!;
  const deadline = version.labels.find((label) => label.startsWith('RETIRE_AFTER'))!;
  await moveLabel(deadline, { RemoveFromVersionId: version.id });
  await testKey.after(1);
  expect(testKey.retiring.map(({ key }) => key)).toContain(lost);
  expect(testKey.told.filter((kind) => kind === 'lost-track')).toHaveLength(1);
  testKey.sandbox.anthropic.disable(oldest);
  testKey.sandbox.anthropic.disable(middle);
  await testKey.days(3);
  expect(testKey.retiring).toEqual([]);
  expect(testKey.told.filter((kind) => kind === 'rotation-complete')).toHaveLength(2);
  expect(testKey.told.filter((kind) => kind === 'lost-track')).toHaveLength(1);
});

test('an old key that loses its deadline behind a deliberate stop gets it again at once', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  const deadline = testKey.retiring[0]!.until;
  await testKey.edit('DISABLED');
  await testKey.after(1);
  await moveLabel(labelAt('RETIRE_AFTER')!, { RemoveFromVersionId: testKey.at('RETIRE_AFTER')! });
  await testKey.after(1);
  expect(testKey.retiring).toEqual([{ key: old, until: deadline }]);
  expect(testKey.told.filter((kind) => kind === 'lost-track')).toHaveLength(1);
});

test('an old key whose value is gone is told of until a person attests its death', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  const id = testKey.at('RETIRE_AFTER')!;
  await moveLabel(labelAt('RETIRE_AFTER')!, { RemoveFromVersionId: id });
  for (let edit = 0; edit < 2; edit++) await testKey.edit(testKey.live);
  // AWS collects versions without labels.
  testKey.sandbox.clock.advance(60 * DAY);
  await testKey.days(8);
  expect(testKey.secret.versions.map((version) => version.id)).not.toContain(id);
  expect(testKey.told.filter((kind) => kind === 'lost-track').length).toBeGreaterThan(1);
  await testKey.command({
    verb: 'attest',
    fingerprint: fingerprint(old),
    statement: 'Ada saw it disabled',
  });
  expect(testKey.told.at(-1)).toBe('rotation-complete');
  const before = testKey.mails.length;
  await testKey.days(3);
  expect(testKey.told.slice(before)).not.toContain('lost-track');
});

describe('a secret that was made without a value', () => {
  const name = 'anthropic/prod/empty';

  beforeEach(async () => {
    const environment = await TestEnvironment.open();
    const { aws } = environment.sandbox;
    const terraform = new SecretsManagerClient(clientConfig(aws, 'terraform'));
    const key = { environment: 'prod', service: 'empty', owner: 'team@example.com' };
    const Tags = Object.entries(policyToTags(key, DEFAULT_POLICY)).map(([Key, Value]) => ({ Key, Value }));
    await terraform.send(new CreateSecretCommand({ Name: name, Tags }));
    await terraform.send(
      new RotateSecretCommand({
        SecretId: name,
        RotationLambdaARN: `arn:aws:lambda:${aws.region}:${aws.accountId}:function:anthropic-keys-prod-rotate`,
        RotationRules: { AutomaticallyAfterDays: 90 },
        RotateImmediately: false,
      }),
    );
    await environment.sandbox.settle();
    testKey = new TestKey(environment, name, 'empty');
  });

  it('awaits its first key', async () => {
    for (const told of [['awaiting-first-key'], ['awaiting-first-key', 'awaiting-first-key']]) {
      await testKey.days(1);
      await testKey.report();
      await testKey.report();
      expect(testKey.told).toEqual(told);
      await testKey.days(1);
    }
  });

  it('takes a first key, and says so truly', async () => {
    const first = testKey.newKey();
    await testKey.submit(first);
    expect([testKey.live, testKey.accepted]).toEqual([first, first]);
    expect(testKey.told).toEqual(['rotated']);
    expect(testKey.submitted).toBe(false);
  });

  it('tells of a first key of another workspace that it is live', async () => {
    const foreign = testKey.newKey(testKey.otherWorkspace);
    await testKey.submit(foreign);
    expect(testKey.live).toBe(foreign);
    expect(testKey.told).toEqual(['foreign']);
  });
});

test('a bad version that is made live again and again is undone each time, told ever more rarely, and counted', async () => {
  testKey = await TestKey.build();
  const good = await testKey.promoteFirstKey();
  const bad = testKey.newKey();
  testKey.sandbox.anthropic.disable(bad);
  await testKey.edit(bad);
  const id = testKey.at('AWSCURRENT')!;
  for (let round = 1; round <= 12; round++) {
    await testKey.after(1);
    expect(testKey.live).toBe(good);
    if (round < 12)
      await moveLabel('AWSCURRENT', { MoveToVersionId: id, RemoveFromVersionId: testKey.at('AWSCURRENT')! });
  }
  const told = testKey.told.filter((kind) => kind === 'rolled-back');
  expect(told).toHaveLength(5);
  expect(testKey.sandbox.environment('prod').telemetry.total('EditUndone')).toBe(12);
  await testKey.days(3);
  expect(testKey.told.filter((kind) => kind === 'rolled-back')).toHaveLength(5);
});

describe('right before a new key goes live', () => {
  let step: string | undefined;

  /** Something that happens after the test of a key, while its promotion begins. */
  const meanwhile = (run: () => Promise<unknown>) => {
    const { aws } = testKey.sandbox;
    const invoke = aws.lambda.run.bind(aws.lambda);
    aws.lambda.run = (name, event, invokedBy) => {
      step = (event as { Step?: string }).Step;
      return invoke(name, event, invokedBy);
    };
    let done = false;
    aws.faults.on(
      {
        service: 'secretsmanager',
        operation: 'GetSecretValue',
        caller: 'anthropic-keys-prod-rotate',
        times: Number.POSITIVE_INFINITY,
      },
      {
        kind: 'meanwhile',
        when: 'before-effect',
        run: async () => {
          if (done || step !== 'finishSecret') return;
          done = true;
          await run();
        },
      },
    );
  };

  it.each([
    [
      'it is reported as leaked',
      () => testKey.command({ verb: 'report-leak', fingerprint: fingerprint(next) }),
    ],
    ['it is withdrawn', () => moveLabel('SUBMITTED', { RemoveFromVersionId: testKey.at('SUBMITTED')! })],
    ['another one is submitted', () => testKey.put(testKey.newKey())],
  ])('nothing moves where %s', async (_, act) => {
    testKey = await TestKey.build();
    const first = await testKey.promoteFirstKey();
    next = testKey.newKey();
    meanwhile(act);
    await testKey.submit(next);
    expect(testKey.live).toBe(first);
    expect(testKey.told).not.toContain('rolled-back');
  });

  let next: string;
});
