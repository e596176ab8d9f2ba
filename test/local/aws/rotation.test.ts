import { randomUUID } from 'node:crypto';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { RotationEvent } from '../../../local/aws';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const SecretId = 'anthropic/prod/api-gateway';
const DAY = 24 * 3_600_000;

type Steps = Partial<Record<RotationEvent['Step'], (event: RotationEvent) => Promise<unknown>>>;

/** A function that does what AWS's template does, except for the steps that a test replaces. */
async function secretWithFunction(steps: Steps = {}) {
  const { aws, secrets } = embedded;
  const created = await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
  const seen: string[] = [];
  const usual: Steps = {
    createSecret: ({ ClientRequestToken }) =>
      secrets.send(
        new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: 'two',
          VersionStages: ['AWSPENDING'],
        }),
      ),
    finishSecret: ({ ClientRequestToken }) =>
      secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: ClientRequestToken,
          RemoveFromVersionId: created.VersionId,
        }),
      ),
  };
  const RotationLambdaARN = aws.lambda.register('rotate', async (event) => {
    const step = event as RotationEvent;
    seen.push(step.Step);
    await (steps[step.Step] ?? usual[step.Step])?.(step);
  });
  return { first: created.VersionId!, seen, RotationLambdaARN };
}

const labels = () =>
  Object.fromEntries(
    embedded.aws.secretsManager.inspect(SecretId)!.versions.map(({ id, labels }) => [id, labels]),
  );

async function rotate(RotationLambdaARN?: string, token: string = randomUUID()) {
  await embedded.secrets.send(
    new RotateSecretCommand({ SecretId, ClientRequestToken: token, RotationLambdaARN }),
  );
  return token;
}

test('a rotation is answered at once with an empty AWSPENDING version, and runs its four steps afterwards', async () => {
  const { first, seen, RotationLambdaARN } = await secretWithFunction();
  embedded.aws.secretsManager.settings.rotationsStart = 'on-settle';
  const token = await rotate(RotationLambdaARN);
  expect(labels()).toEqual({ [first]: ['AWSCURRENT'], [token]: ['AWSPENDING'] });
  expect(seen).toEqual([]);
  await embedded.aws.settle();
  expect(seen).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  expect(labels()).toEqual({ [first]: ['AWSPREVIOUS'], [token]: ['AWSCURRENT'] });
  expect(embedded.aws.secretsManager.inspect(SecretId)!.rotatedAt).toEqual(embedded.clock.now());
});

test('the function is told the full ARN, the step and the token', async () => {
  const events: RotationEvent[] = [];
  const { RotationLambdaARN } = await secretWithFunction({ setSecret: async (event) => events.push(event) });
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  const SecretArn = embedded.aws.secretsManager.inspect(SecretId)!.arn;
  expect(events).toEqual([{ Step: 'setSecret', SecretId: SecretArn, ClientRequestToken: token }]);
});

test('a step that fails once makes the rotation start again, a minute later', async () => {
  embedded.aws.secretsManager.settings.rotationStepTakes = 0;
  let failures = 1;
  const { seen, RotationLambdaARN } = await secretWithFunction({
    testSecret: async () => {
      if (failures-- > 0) throw new Error('not yet');
    },
  });
  const before = embedded.clock.now().getTime();
  await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(seen.filter((step) => step === 'createSecret')).toHaveLength(2);
  expect(embedded.aws.secretsManager.rotations).toEqual([
    expect.objectContaining({ outcome: 'succeeded', attempts: 2, errors: ['testSecret: not yet'] }),
  ]);
  expect(embedded.clock.now().getTime() - before).toBe(60_000);
});

test('a rotation that fails to the end leaves AWSPENDING, and the next one is refused', async () => {
  const { first, RotationLambdaARN } = await secretWithFunction({
    testSecret: async () => {
      throw new Error('never');
    },
  });
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(embedded.aws.secretsManager.rotations[0]).toMatchObject({ outcome: 'failed', attempts: 5 });
  expect(labels()).toEqual({ [first]: ['AWSCURRENT'], [token]: ['AWSPENDING'] });
  await expect(rotate()).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
});

test('where the account re-attempts, the refused caller sets off the earlier rotation again', async () => {
  let broken = true;
  const { RotationLambdaARN } = await secretWithFunction({
    testSecret: async () => {
      if (broken) throw new Error('never');
    },
  });
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  broken = false;
  embedded.aws.secretsManager.settings.reattemptsPrevious = true;
  await expect(rotate()).rejects.toThrow('That rotation will be reattempted.');
  await embedded.aws.settle();
  expect(labels()[token]).toEqual(['AWSCURRENT']);
});

test('a function that takes AWSPENDING off its version is not called again', async () => {
  const { seen, RotationLambdaARN } = await secretWithFunction({
    createSecret: async ({ ClientRequestToken }) => {
      await embedded.secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: ClientRequestToken,
        }),
      );
      throw new Error('Nothing submitted.');
    },
  });
  await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(seen).toEqual(['createSecret']);
  expect(embedded.aws.secretsManager.rotations[0]).toMatchObject({ outcome: 'abandoned' });
});

test('a direct edit in the middle of a rotation abandons it', async () => {
  const { seen, RotationLambdaARN } = await secretWithFunction({
    setSecret: () => embedded.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'by hand' })),
  });
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(seen).toEqual(['createSecret', 'setSecret']);
  expect(labels()[token]).toEqual([]);
  expect(embedded.aws.secretsManager.rotations[0]).toMatchObject({ outcome: 'abandoned' });
});

test('a cancelled rotation calls no further step and turns rotation off', async () => {
  const { seen, RotationLambdaARN } = await secretWithFunction({
    setSecret: () => embedded.secrets.send(new CancelRotateSecretCommand({ SecretId })),
  });
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(seen).toEqual(['createSecret', 'setSecret']);
  expect(embedded.aws.secretsManager.inspect(SecretId)!.rotation).toMatchObject({ enabled: false });
  expect(labels()[token]).toEqual(['AWSPENDING']);
});

test('configuring without rotating runs testSecret alone, on a version that is gone afterwards', async () => {
  const during: object[] = [];
  const { first, seen, RotationLambdaARN } = await secretWithFunction({
    testSecret: async () => during.push(Object.values(labels())),
  });
  const RotationRules = { AutomaticallyAfterDays: 90 };
  await embedded.secrets.send(
    new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules, RotateImmediately: false }),
  );
  await embedded.aws.settle();
  expect(seen).toEqual(['testSecret']);
  expect(during).toEqual([[['AWSCURRENT'], ['AWSPENDING']]]);
  expect(labels()).toEqual({ [first]: ['AWSCURRENT'] });
});

test('a function that nobody registered is not rotated with', async () => {
  await secretWithFunction();
  await expect(rotate('arn:aws:lambda:eu-central-1:111122223333:function:nobody')).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('a window opens when a full period has passed since the last change of the value', async () => {
  const { seen, RotationLambdaARN } = await secretWithFunction();
  const { aws, clock, secrets } = embedded;
  const RotationRules = { AutomaticallyAfterDays: 90 };
  await secrets.send(
    new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules, RotateImmediately: false }),
  );
  await aws.settle();
  clock.advance(80 * DAY);
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'by hand' }));
  clock.advance(89 * DAY);
  expect(aws.secretsManager.openRotationWindows()).toEqual([]);
  clock.advance(DAY);
  expect(aws.secretsManager.openRotationWindows()).toEqual([SecretId]);
  expect(aws.secretsManager.openRotationWindows()).toEqual([]);
  await aws.settle();
  expect(seen).toContain('createSecret');
});

test('a window that failed opens again a day later, for as long as the secret is due', async () => {
  const { RotationLambdaARN } = await secretWithFunction({
    createSecret: async () => {
      throw new Error('Nothing submitted.');
    },
  });
  const { aws, clock, secrets } = embedded;
  const RotationRules = { AutomaticallyAfterDays: 90 };
  await secrets.send(
    new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules, RotateImmediately: false }),
  );
  await aws.settle();
  clock.advance(90 * DAY);
  expect(aws.secretsManager.openRotationWindows()).toEqual([SecretId]);
  await aws.settle();
  clock.advance(DAY - 300_000);
  expect(aws.secretsManager.openRotationWindows()).toEqual([]);
  clock.advance(300_000);
  expect(aws.secretsManager.openRotationWindows()).toEqual([SecretId]);
  await aws.settle();
});

test('where any put abandons a rotation, one under a label of its own does too', async () => {
  const { RotationLambdaARN } = await secretWithFunction({
    setSecret: () =>
      embedded.secrets.send(
        new PutSecretValueCommand({ SecretId, SecretString: 'by hand', VersionStages: ['SUBMITTED'] }),
      ),
  });
  embedded.aws.secretsManager.settings.rotationAbandonedBy = 'any-put';
  await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(embedded.aws.secretsManager.rotations[0]).toMatchObject({ outcome: 'abandoned' });
});

test('where AWSPENDING stays after success, it sits on the current version and hinders nobody', async () => {
  const { RotationLambdaARN } = await secretWithFunction();
  embedded.aws.secretsManager.settings.pendingAfterSuccess = 'kept';
  const token = await rotate(RotationLambdaARN);
  await embedded.aws.settle();
  expect(labels()[token]).toEqual(['AWSPENDING', 'AWSCURRENT']);
  await expect(rotate()).resolves.toBeDefined();
  await embedded.aws.settle();
});

test('a rotation that Secrets Manager never got round to leaves AWSPENDING behind', async () => {
  const { seen, RotationLambdaARN } = await secretWithFunction();
  embedded.aws.secretsManager.settings.rotationsStart = 'on-settle';
  const token = await rotate(RotationLambdaARN);
  embedded.aws.secretsManager.dropWaitingRotations();
  await embedded.aws.settle();
  expect(seen).toEqual([]);
  expect(labels()[token]).toEqual(['AWSPENDING']);
});
