import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type FunctionContext, KeyFunction } from '../key-function';
import { actOnKeys, allow, through } from '../permissions';

/** The check reads keys, moves labels, writes memory and sends notices. It may not put a value: only a human brings a key. */
export function checkFunction(scope: Construct, context: FunctionContext): KeyFunction {
  const { config, realm } = context;
  const check = new KeyFunction(scope, 'Check', context, {
    role: 'check',
    description: `Checks one Anthropic key of ${config.environment}, and acts on what it finds`,
    abilities: actOnKeys(realm),
  });
  keepFailures(scope, check, realm.undelivered);
  return check;
}

/** Sends a failed check to the queue after Lambda's two retries. Schedules notice only refused invocations. */
function keepFailures(
  scope: Construct,
  { function: check, role }: KeyFunction,
  { queueArn, encryptionMasterKey }: IQueue,
): void {
  role.addToPolicy(allow('Failures', ['sqs:SendMessage'], [queueArn]));
  if (encryptionMasterKey)
    role.addToPolicy(
      allow(
        'FailuresEncryption',
        ['kms:Decrypt', 'kms:GenerateDataKey'],
        [encryptionMasterKey.keyArn],
        through('sqs'),
      ),
    );
  new CfnEventInvokeConfig(scope, 'Failures', {
    functionName: check.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: queueArn } },
  }).node.addDependency(role);
}
