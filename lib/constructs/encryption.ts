import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EnvironmentArns } from './environment-arns';

/** What `encryption` is set to where the environment makes its own key. */
const CUSTOMER_MANAGED = 'customer-managed';

/** The KMS key of secrets, topic and queue: a new one, one of yours by ARN, or none: then AWS manages those of secrets and queue. */
export function encryptionKey(scope: Construct, environment: string, encryption?: string): IKey | undefined {
  if (encryption === undefined) return undefined;
  if (encryption !== CUSTOMER_MANAGED) return Key.fromKeyArn(scope, 'EncryptionKey', encryption);
  const key = new Key(scope, 'EncryptionKey', {
    description: `Secrets, notices and undelivered messages of the Anthropic keys of ${environment}`,
    enableKeyRotation: true,
    // Retired keys are still readable with it; AWS waits before it really deletes a KMS key, we do not even ask.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  // Stays with the key: secrets of further stacks know it by nothing else, and a new key must not slip in under the same name.
  key
    .addAlias(new EnvironmentArns(scope, environment).keyAlias())
    .applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  // Publishing to an encrypted topic without these drops the message silently.
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsAndRules',
      principals: [
        new ServicePrincipal('cloudwatch.amazonaws.com'),
        new ServicePrincipal('events.amazonaws.com'),
      ],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      // In the policy of a key, this is the key.
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return key;
}

/** What a secret names as its key: further stacks, which come after the first, know the environment's own one by its alias. */
export function secretEncryption(
  scope: Construct,
  environment: string,
  encryption?: string,
): string | undefined {
  return encryption === CUSTOMER_MANAGED ? new EnvironmentArns(scope, environment).keyAlias() : encryption;
}

/** Use of the KMS key by whoever only knows its alias, as the stacks of a sharded environment do. */
export function useByAlias(
  scope: Construct,
  environment: string,
  encryption?: string,
): PolicyStatement | undefined {
  if (encryption === undefined) return undefined;
  const statement = { sid: 'UndeliveredEncryption', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] };
  if (encryption !== CUSTOMER_MANAGED) return new PolicyStatement({ ...statement, resources: [encryption] });
  return new PolicyStatement({
    ...statement,
    resources: [Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    conditions: {
      'ForAnyValue:StringEquals': {
        'kms:ResourceAliases': new EnvironmentArns(scope, environment).keyAlias(),
      },
    },
  });
}
