import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type FunctionContext, KeyFunction } from '../key-function';
import {
  askAdmin,
  listSecrets,
  onSecrets,
  READ_KEYS,
  tellMachines,
  tellPeople,
  together,
  useEncryptionKey,
  useFormerKeys,
  withOurRotation,
  writeMemory,
} from '../permissions';

/** The check reads, moves labels, remembers, tells. It may not put a value: a key comes from a human only. */
export function checkFunction(scope: Construct, context: FunctionContext): KeyFunction {
  const { config, realm } = context;
  const check = new KeyFunction(scope, 'Check', context, {
    role: 'check',
    description: `Checks one Anthropic key of ${config.environment}, and acts on what it finds`,
    abilities: together(
      onSecrets(
        realm,
        'Keys',
        [...READ_KEYS, 'UpdateSecretVersionStage', 'RotateSecret'],
        withOurRotation(realm),
      ),
      writeMemory(realm),
      // RotateSecret asks that its caller may invoke the rotation function too.
      askAdmin(realm, 'rotate'),
      // A key has had no answer for a day: is it alone, or is it an outage that the alarm tells?
      listSecrets(),
      tellPeople(realm),
      tellMachines(realm),
      useEncryptionKey(realm),
      useFormerKeys(realm),
    ),
  });
  keepFailures(scope, check, realm.undelivered);
  return check;
}

/** Schedules see refused invocations only: a check that throws ends in the queue after Lambda's two retries. */
function keepFailures(
  scope: Construct,
  { function: check, role }: KeyFunction,
  { queueArn, encryptionMasterKey }: IQueue,
): void {
  role.addToPolicy(
    new PolicyStatement({ sid: 'Failures', actions: ['sqs:SendMessage'], resources: [queueArn] }),
  );
  if (encryptionMasterKey)
    role.addToPolicy(
      new PolicyStatement({
        sid: 'FailuresEncryption',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [encryptionMasterKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${Aws.REGION}.amazonaws.com` } },
      }),
    );
  new CfnEventInvokeConfig(scope, 'Failures', {
    functionName: check.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: queueArn } },
  }).node.addDependency(role);
}
