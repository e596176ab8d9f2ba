import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { FunctionEnv } from '../contract/env';
import { MEMORY_TAG_KEYS } from '../contract/memory-tags';
import { type FunctionRole, functionName } from '../contract/names';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { EnvironmentArns } from './environment-arns';

/** What an environment's functions and people may be allowed to touch. */
export interface Realm {
  readonly arns: EnvironmentArns;
  /** ARNs of adopted secrets, whose names do not begin with the environment's prefix. */
  readonly adopted: readonly string[];
  readonly topicArn: string;
  readonly bus: IEventBus;
  /** Holds what did not arrive or could not be finished. */
  readonly undelivered: IQueue;
  /** Whether a function of this environment has Admin access to Anthropic. */
  readonly adminAccess: boolean;
  /** ARN of the KMS key of secrets, topic and queue; absent where AWS manages the keys. */
  readonly encryptionKeyArn?: string;
  /** ARNs of KMS keys that older versions of secrets are still encrypted with. */
  readonly formerKeyArns?: readonly string[];
}

/**
 * Something that a function or a person may do. The permission, what a function has to be told to use it, and why a wildcard in it is no wider
 * than it must be are given as one, so that they cannot drift apart.
 */
export interface Ability<Told = unknown> {
  readonly statements: readonly PolicyStatement[];
  /** Part of the function's environment. */
  readonly told: Told;
  /** Resources that hold a wildcard, each with the reason that cdk-nag gets. */
  readonly wildcards: readonly Wildcard[];
}

type Wildcard = readonly [resource: string, reason: string];

/** An ability that a function needs to be told nothing for. */
export const may = (statements: readonly PolicyStatement[], ...wildcards: readonly Wildcard[]): Ability => ({
  statements,
  told: {},
  wildcards,
});

type All<T extends readonly unknown[]> = T extends readonly [infer First, ...infer Rest]
  ? First & All<Rest>
  : unknown;

/** Several abilities as one. Its type says all that they tell, so a function that lacks one which it needs does not compile. */
export const together = <T extends readonly unknown[]>(
  ...abilities: { readonly [K in keyof T]: Ability<T[K]> }
): Ability<All<T>> => ({
  statements: abilities.flatMap(({ statements }) => statements),
  told: Object.assign({}, ...abilities.map(({ told }) => told)) as All<T>,
  wildcards: abilities.flatMap(({ wildcards }) => wildcards),
});

/**
 * Conditions under which only the current version is read. A request that names neither a stage nor a version means
 * AWSCURRENT; the usual `ForAnyValue:StringEquals` refuses it (boto/boto3#2957).
 */
export const CURRENT_ONLY = {
  StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
  Null: { 'secretsmanager:VersionId': 'true' },
};

/** What it takes to read a key with all its versions. */
export const READ_KEYS = ['DescribeSecret', 'ListSecretVersionIds', 'GetSecretValue'];

/**
 * Actions on this environment's secrets: by name prefix *and* by tag, so that the policy has the same size for one key and
 * for ten thousand, and a secret of the same prefix that is not ours stays out of reach. Adopted secrets are named one by one.
 */
export function onSecrets(
  { arns, adopted }: Realm,
  sid: string,
  actions: readonly string[],
  conditions: object = {},
): Ability {
  const statement = new PolicyStatement({
    sid,
    actions: actions.map((action) => `secretsmanager:${action}`),
    resources: [arns.secrets(), ...adopted],
    conditions: mergeConditions(
      { StringEquals: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: arns.environment } },
      conditions,
    ),
  });
  return may(
    [statement],
    [
      arns.secrets(),
      'The name prefix of one environment, narrowed by its tag: a list of secrets would outgrow the policy.',
    ],
  );
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

/** Invoking functions of the environment by their names. */
export const invoke = ({ arns }: Realm, sid: string, roles: readonly FunctionRole[]): Ability =>
  may([
    new PolicyStatement({
      sid,
      actions: ['lambda:InvokeFunction'],
      resources: roles.map((role) => arns.function(role)),
    }),
  ]);

/** Asks the function with Admin access, where there is one, besides the functions that are named. */
export function askAdmin(realm: Realm, ...others: readonly FunctionRole[]) {
  const asked: readonly FunctionRole[] = [...others, ...(realm.adminAccess ? (['admin'] as const) : [])];
  const { statements, wildcards } = asked.length > 0 ? invoke(realm, 'Functions', asked) : may([]);
  return { statements, wildcards, told: nameOfAdmin(realm) };
}

/** Every function is told the name of the one with Admin access. */
export const nameOfAdmin = ({ adminAccess, arns }: Realm): Pick<FunctionEnv, 'adminFunction'> => ({
  adminFunction: adminAccess ? functionName(arns.environment, 'admin') : undefined,
});

/** To publish, and to know before whether anybody would get it. */
export const tellPeople = ({ topicArn }: Realm): Ability<Pick<FunctionEnv, 'topicArn'>> => ({
  ...may([
    new PolicyStatement({
      sid: 'Notify',
      actions: ['sns:Publish', 'sns:ListSubscriptionsByTopic'],
      resources: [topicArn],
    }),
  ]),
  told: { topicArn },
});

/** To send events to the bus of the environment. */
export const tellMachines = ({ bus }: Realm): Ability<Pick<FunctionEnv, 'eventBusName'>> => ({
  ...may([
    new PolicyStatement({ sid: 'Announce', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
  ]),
  told: { eventBusName: bus.eventBusName },
});

/** ListSecrets has no resource-level permission: names, tags and labels of all secrets can be listed, no value can be read. */
export const listSecrets = () =>
  may(
    [new PolicyStatement({ sid: 'List', actions: ['secretsmanager:ListSecrets'], resources: ['*'] })],
    ['*', 'ListSecrets has no resource-level permission, and returns no value.'],
  );

/** Using the KMS key through Secrets Manager and SNS, never directly; nothing where AWS manages the keys. */
export function useEncryptionKey({ encryptionKeyArn }: Realm): Ability {
  if (encryptionKeyArn === undefined) return may([]);
  const services = ['secretsmanager', 'sns'].map((service) => `${service}.${Aws.REGION}.amazonaws.com`);
  return may([
    new PolicyStatement({
      sid: 'Encryption',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [encryptionKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': services } },
    }),
  ]);
}

/** Reading what is under a former KMS key: changing the key of a secret re-encrypts no version that only our labels hold. */
export function useFormerKeys({ formerKeyArns = [] }: Realm): Ability {
  if (formerKeyArns.length === 0) return may([]);
  return may([
    new PolicyStatement({
      sid: 'FormerEncryption',
      actions: ['kms:Decrypt'],
      resources: [...formerKeyArns],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
    }),
  ]);
}

/** Conditions of several rules as one: tests of the same operator stand side by side. */
export function mergeConditions(...all: readonly object[]): Record<string, Record<string, unknown>> {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const conditions of all)
    for (const [operator, tests] of Object.entries(conditions))
      merged[operator] = { ...merged[operator], ...tests };
  return merged;
}

/** Gives cdk-nag the reasons for the wildcards of what a role or a policy may do. */
export function explain(policyOrRole: IConstruct, { wildcards }: Ability): void {
  for (const [resource, reason] of wildcards) acknowledgeWildcard(policyOrRole, resource, reason);
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
