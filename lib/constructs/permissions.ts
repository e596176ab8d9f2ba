import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { MEMORY_TAG_KEYS } from '../contract/memory-tag-keys';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { EnvironmentArns } from './environment-arns';

/** What an environment's functions and people may be allowed to touch. */
export interface Realm {
  readonly arns: EnvironmentArns;
  /** ARNs of adopted secrets, whose names do not begin with the environment's prefix. */
  readonly adopted: readonly string[];
  readonly topicArn: string;
  readonly eventBusArn: string;
  /** ARN of the KMS key of secrets, topic and queue; absent where AWS manages the keys. */
  readonly encryptionKeyArn?: string;
  /** ARNs of KMS keys that older versions of secrets are still encrypted with. */
  readonly formerKeyArns?: readonly string[];
}

/**
 * Conditions under which only the current version is read. A request that names neither a stage nor a version means
 * AWSCURRENT; the usual `ForAnyValue:StringEquals` refuses it (boto/boto3#2957).
 */
export const CURRENT_ONLY = {
  StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
  Null: { 'secretsmanager:VersionId': 'true' },
};

/**
 * Actions on this environment's secrets: by name prefix *and* by tag, so that the policy has the same size for one key and
 * for ten thousand, and a secret of the same prefix that is not ours stays out of reach. Adopted secrets are named one by one.
 */
export function onSecrets(realm: Realm, sid: string, actions: readonly string[], conditions: object = {}) {
  return new PolicyStatement({
    sid,
    actions: actions.map((action) => `secretsmanager:${action}`),
    resources: [realm.arns.secrets(), ...realm.adopted],
    conditions: mergeConditions(
      { StringEquals: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: realm.arns.environment } },
      conditions,
    ),
  });
}

/** Memory and nothing else: policy tags decide what a function may reach, so no function may write them. */
export const writeMemory = (realm: Realm) =>
  onSecrets(realm, 'Memory', ['TagResource', 'UntagResource'], {
    'ForAllValues:StringEquals': { 'aws:TagKeys': MEMORY_TAG_KEYS },
    // ForAllValues is true for a request without any tag keys.
    Null: { 'aws:TagKeys': 'false' },
  });

/** RotateSecret may name our rotation function, or none; then the configured one runs. */
export const withOurRotation = ({ arns }: Realm) => ({
  ArnEqualsIfExists: { 'secretsmanager:RotationLambdaARN': arns.function('rotate') },
});

export const invoke = (sid: string, functionArns: readonly string[]) =>
  new PolicyStatement({ sid, actions: ['lambda:InvokeFunction'], resources: [...functionArns] });

/** To publish, and to know before whether anybody would get it. */
export const notify = ({ topicArn }: Realm) =>
  new PolicyStatement({
    sid: 'Notify',
    actions: ['sns:Publish', 'sns:ListSubscriptionsByTopic'],
    resources: [topicArn],
  });

export const announce = ({ eventBusArn }: Realm) =>
  new PolicyStatement({ sid: 'Announce', actions: ['events:PutEvents'], resources: [eventBusArn] });

/** ListSecrets has no resource-level permission: names, tags and labels of all secrets can be listed, no value can be read. */
export const listSecrets = () =>
  new PolicyStatement({ sid: 'List', actions: ['secretsmanager:ListSecrets'], resources: ['*'] });

/** Explains to cdk-nag the wildcard that statements on secrets have. */
export function explainSecrets(policyOrRole: IConstruct, { arns }: Realm): void {
  acknowledgeWildcard(
    policyOrRole,
    arns.secrets(),
    'The name prefix of one environment, narrowed by its tag: a list of secrets would outgrow the policy.',
  );
}

/** Explains to cdk-nag the wildcard of `listSecrets`. */
export function explainListing(policyOrRole: IConstruct): void {
  acknowledgeWildcard(
    policyOrRole,
    '*',
    'ListSecrets has no resource-level permission, and returns no value.',
  );
}

/** Using the KMS key through Secrets Manager and SNS, never directly; nothing where AWS manages the keys. */
export function useEncryptionKey({ encryptionKeyArn }: Realm): PolicyStatement[] {
  if (encryptionKeyArn === undefined) return [];
  return [
    new PolicyStatement({
      sid: 'Encryption',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [encryptionKeyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['secretsmanager', 'sns'].map(
            (service) => `${service}.${Aws.REGION}.amazonaws.com`,
          ),
        },
      },
    }),
  ];
}

/** Reading what is under a former KMS key: changing the key of a secret re-encrypts no version that only our labels hold. */
export function useFormerKeys({ formerKeyArns = [] }: Realm): PolicyStatement[] {
  if (formerKeyArns.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'FormerEncryption',
      actions: ['kms:Decrypt'],
      resources: [...formerKeyArns],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
    }),
  ];
}

/** Conditions of several rules as one: tests of the same operator stand side by side. */
export function mergeConditions(...all: readonly object[]): Record<string, Record<string, unknown>> {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const conditions of all)
    for (const [operator, tests] of Object.entries(conditions))
      merged[operator] = { ...merged[operator], ...tests };
  return merged;
}

/** Suppresses one finding of cdk-nag, with the reason beside the resource. `id` is the rule's id, then `[detail]` where the finding has one. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** Suppresses the finding that a policy's `resource` holds a wildcard. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${spellOut(construct, resource)}]`, reason);
}

/** An ARN as cdk-nag spells it: what is known only at deployment stands in angle brackets. */
function spellOut(construct: IConstruct, arn: string): string {
  const resolved: unknown = Stack.of(construct).resolve(arn);
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
