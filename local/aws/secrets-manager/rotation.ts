import { z } from 'zod';
import { AwsError } from '../aws-error';
import { type Operations, operation } from '../operation';
import { liveSecret } from './guards';
import { attachLabels } from './labels';
import type { RotationRunner } from './rotation-runner';
import { later } from './schedule';
import { oneSecret, rules, secretId, token } from './shapes';
import { holderOf, type Rotation, type Secret, versionOf } from './state';
import type { Vault } from './vault';

/** RotateSecret and CancelRotateSecret; the steps themselves run in the background. */
export function rotationOperations(
  vault: Vault,
  runner: RotationRunner,
  functionExists: (arn: string) => boolean,
): Operations {
  return {
    RotateSecret: operation(
      z.strictObject({
        SecretId: secretId,
        ClientRequestToken: token,
        RotationLambdaARN: z.string().max(2048).optional(),
        RotationRules: rules.optional(),
        RotateImmediately: z.boolean().default(true),
      }),
      (input) => {
        const before = liveSecret(vault, input.SecretId);
        const rotation = configured(before.rotation, input, vault.clock.now());
        if (!rotation) {
          throw new AwsError(
            'InvalidRequestException',
            'No Lambda rotation function ARN is associated with this secret.',
          );
        }
        if (!functionExists(rotation.functionArn)) {
          throw new AwsError(
            'AccessDeniedException',
            'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
          );
        }
        refuseWhilePending(before, vault, runner);
        const secret = vault.write({ ...before, rotation });
        const answer = { ARN: secret.arn, Name: secret.name };
        if (!input.RotateImmediately) {
          runner.test(secret.arn);
          return answer;
        }
        startRotation(vault, runner, secret, input.ClientRequestToken);
        return { ...answer, VersionId: input.ClientRequestToken };
      },
    ),
    CancelRotateSecret: operation(oneSecret, (input) => {
      const secret = liveSecret(vault, input.SecretId);
      const { rotation } = secret;
      if (rotation) vault.write({ ...secret, rotation: { ...rotation, enabled: false } });
      return { ARN: secret.arn, Name: secret.name, VersionId: holderOf(secret, 'AWSPENDING')?.id };
    }),
  };
}

/** Makes the empty version that carries AWSPENDING and leaves the four steps to the runner. */
export function startRotation(vault: Vault, runner: RotationRunner, secret: Secret, versionId: string): void {
  const now = vault.clock.now();
  const versions = versionOf(secret, versionId)
    ? secret.versions
    : [...secret.versions, { id: versionId, createdAt: now, labels: [] }];
  vault.write(attachLabels({ ...secret, versions, changedAt: now }, versionId, ['AWSPENDING'], now));
  runner.rotate(secret.arn, versionId);
}

/** AWSPENDING on a version that is not current means a rotation in progress, however long ago it stopped. */
function refuseWhilePending(secret: Secret, vault: Vault, runner: RotationRunner): void {
  const pending = holderOf(secret, 'AWSPENDING');
  if (!pending || pending.labels.includes('AWSCURRENT')) return;
  if (vault.settings.reattemptsPrevious) runner.rotate(secret.arn, pending.id);
  throw new AwsError(
    'InvalidRequestException',
    "A previous rotation isn't complete. That rotation will be reattempted.",
  );
}

function configured(
  had: Rotation | undefined,
  input: { RotationLambdaARN?: string; RotationRules?: z.output<typeof rules> },
  now: Date,
): Rotation | undefined {
  const functionArn = input.RotationLambdaARN ?? had?.functionArn;
  if (functionArn === undefined) return undefined;
  const wanted = input.RotationRules;
  const days = wanted ? wanted.AutomaticallyAfterDays : had?.days;
  return {
    functionArn,
    enabled: true,
    days,
    scheduleExpression: wanted ? wanted.ScheduleExpression : had?.scheduleExpression,
    duration: wanted ? wanted.Duration : had?.duration,
    nextAt: days === undefined ? had?.nextAt : later(now, days),
  };
}
