import { createHash } from 'node:crypto';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { secretNameOf, sharedName } from '../contract/names';
import { secretPrefix } from '../domain/policy';
import type { EnvironmentArns } from './environment-arns';

/** Checks a secret within minutes of a write, if a CloudTrail trail records management events. Otherwise the next scheduled check does. */
export function directEditRule(scope: Construct, arns: EnvironmentArns): void {
  const prefix = secretPrefix(arns.environment);
  const arnPrefix = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: prefix,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  addRule(scope, arns, {
    name: `${sharedName(arns.environment)}-edits`,
    secretId: [{ prefix }, { prefix: arnPrefix }],
    input: {
      inputTransformer: {
        inputPathsMap: { secretId: '$.detail.requestParameters.secretId' },
        inputTemplate: '{"secretId": <secretId>}',
      },
    },
  });
}

/** The same for one adopted secret, which lacks the name prefix. Callers may use its name, or its ARN with or without the random characters. */
export function adoptedEditRule(scope: Construct, arns: EnvironmentArns, secretArn: string): void {
  const distinct = createHash('sha256').update(secretArn).digest('hex').slice(0, 8);
  const secretId = [secretNameOf(secretArn), secretArn, secretArn.slice(0, -7)];
  addRule(scope, arns, {
    name: `${sharedName(arns.environment)}-edits-${distinct}`,
    secretId,
    // Whatever the caller wrote: the roles are limited to the complete ARN.
    input: { input: JSON.stringify({ secretId: secretArn }) },
  });
}

interface EditRule {
  readonly name: string;
  /** What matches the secret in the call. */
  readonly secretId: readonly unknown[];
  readonly input: Pick<CfnRule.TargetProperty, 'input' | 'inputTransformer'>;
}

function addRule(scope: Construct, arns: EnvironmentArns, { name, secretId, input }: EditRule): void {
  new CfnRule(scope, 'DirectEdits', {
    name,
    description: 'Checks a key right after its secret was written, whoever wrote it',
    eventPattern: {
      source: ['aws.secretsmanager'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['secretsmanager.amazonaws.com'],
        // Our own functions move labels all the time, so only AWSCURRENT matters.
        $or: [
          { eventName: ['PutSecretValue', 'UpdateSecret'], requestParameters: { secretId } },
          {
            eventName: ['UpdateSecretVersionStage'],
            requestParameters: { secretId, versionStage: ['AWSCURRENT'] },
          },
        ],
      },
    },
    targets: [
      {
        id: 'Check',
        arn: arns.function('check'),
        ...input,
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: arns.undeliveredQueue() },
      },
    ],
  });
}
