import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { FunctionEnv } from '../contract/env';
import { MEMORY_TAG_KEYS } from '../contract/memory-tags';
import { EVENT_SOURCE, type FunctionRole, functionName } from '../contract/names';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { EnvironmentArns } from './environment-arns';

/** The resources that an environment's functions and people can get access to. */
export interface Realm {
  readonly arns: EnvironmentArns;
  /** ARNs of adopted secrets, whose names do not begin with the environment's prefix. */
  readonly adopted: readonly string[];
  readonly topicArn: string;
  readonly bus: IEventBus;
  /** The dead-letter queue. */
  readonly undelivered: IQueue;
  /** Whether a function of this environment has Admin access to Anthropic. */
  readonly adminAccess: boolean;
  /** ARN of the KMS key of secrets, topic and queue; absent if AWS manages the keys. */
  readonly encryptionKeyArn?: string;
  /** ARNs of KMS keys that still encrypt older versions of secrets. */
  readonly formerKeyArns?: readonly string[];
}

/** Something that a function or a person may do: permissions, environment variables and reasons for wildcards, together so that they stay in step. */
export interface Ability<Variables = unknown> {
  readonly statements: readonly PolicyStatement[];
  /** What the function needs in its environment. */
  readonly variables: Variables;
  /** Resources with a wildcard, and the reason for cdk-nag. */
  readonly wildcards: readonly Wildcard[];
}

type Wildcard = readonly [resource: string, reason: string];

export type Conditions = Record<string, Record<string, unknown>>;

/** A statement that allows `actions`. */
export const allow = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Conditions,
) => new PolicyStatement({ sid, actions: [...actions], resources: [...resources], conditions });

/** An ability without environment variables. */
export const may = (statements: readonly PolicyStatement[], ...wildcards: readonly Wildcard[]): Ability => ({
  statements,
  variables: {},
  wildcards,
});

type All<T extends readonly unknown[]> = T extends readonly [infer First, ...infer Rest]
  ? First & All<Rest>
  : unknown;

/** Several abilities as one. Its type has all their variables, so a function that lacks one does not compile. */
export const together = <T extends readonly unknown[]>(
  ...abilities: { readonly [K in keyof T]: Ability<T[K]> }
): Ability<All<T>> => ({
  statements: abilities.flatMap(({ statements }) => statements),
  variables: Object.assign({}, ...abilities.map(({ variables }) => variables)) as All<T>,
  wildcards: abilities.flatMap(({ wildcards }) => wildcards),
});

/** Allows only the current version, also for a request without stage and version, which `ForAnyValue:StringEquals` would refuse (boto/boto3#2957). */
export const CURRENT_ONLY = {
  StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
  Null: { 'secretsmanager:VersionId': 'true' },
};

/** Actions to read a key with all its versions. */
export const READ_KEYS = ['DescribeSecret', 'ListSecretVersionIds', 'GetSecretValue'];

/**
 * Actions on this environment's secrets, by name prefix *and* tag: the policy has the same size for any number of keys and excludes foreign secrets
 * with the prefix. Adopted secrets are listed.
 */
export function onSecrets(
  { arns, adopted }: Realm,
  sid: string,
  actions: readonly string[],
  conditions: object = {},
): Ability {
  const tagged = { StringEquals: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: arns.environment } };
  return may(
    [
      allow(
        sid,
        actions.map((action) => `secretsmanager:${action}`),
        [arns.secrets(), ...adopted],
        mergeConditions(tagged, conditions),
      ),
    ],
    [
      arns.secrets(),
      'The name prefix of one environment, narrowed by its tag: a list of secrets would outgrow the policy.',
    ],
  );
}

/** Only memory tags: policy tags decide what a function may reach, so no function may write them. */
export const writeMemory = (realm: Realm) =>
  onSecrets(realm, 'Memory', ['TagResource', 'UntagResource'], {
    'ForAllValues:StringEquals': { 'aws:TagKeys': MEMORY_TAG_KEYS },
    // ForAllValues is also true for a request without tag keys.
    Null: { 'aws:TagKeys': 'false' },
  });

/** RotateSecret may name only our rotation function, or none for the configured one. */
export const withOurRotation = ({ arns }: Pick<Realm, 'arns'>) => ({
  ArnEqualsIfExists: { 'secretsmanager:RotationLambdaARN': arns.function('rotate') },
});

export const invoke = ({ arns }: Realm, sid: string, roles: readonly FunctionRole[]): Ability =>
  may([
    allow(
      sid,
      ['lambda:InvokeFunction'],
      roles.map((role) => arns.function(role)),
    ),
  ]);

/** Gives the function with Admin access a person's orders. It may not be invoked by its own name: that is the door of the functions. */
export const order = ({ arns, adminAccess }: Realm): Ability =>
  may(adminAccess ? [allow('Orders', ['lambda:InvokeFunction'], [arns.orders()])] : []);

/** Invokes the given functions, and the one with Admin access if there is one. */
export function askAdmin(realm: Realm, ...others: readonly FunctionRole[]) {
  const roles: readonly FunctionRole[] = [...others, ...(realm.adminAccess ? (['admin'] as const) : [])];
  const ability = roles.length > 0 ? invoke(realm, 'Functions', roles) : may([]);
  return { ...ability, variables: nameOfAdmin(realm) };
}

/** Every function gets the name of the one with Admin access. */
export const nameOfAdmin = ({ adminAccess, arns }: Realm): Pick<FunctionEnv, 'adminFunction'> => ({
  adminFunction: adminAccess ? functionName(arns.environment, 'admin') : undefined,
});

/** Publishing notices, after a look at who would get them. */
export const tellPeople = ({ topicArn }: Realm): Ability<Pick<FunctionEnv, 'topicArn'>> => ({
  ...may([allow('Notify', ['sns:Publish', 'sns:ListSubscriptionsByTopic'], [topicArn])]),
  variables: { topicArn },
});

/** Only under our own name: rules of others trust the source of an event. */
export const tellMachines = ({ bus }: Realm): Ability<Pick<FunctionEnv, 'eventBusName'>> => ({
  ...may([
    allow('Announce', ['events:PutEvents'], [bus.eventBusArn], {
      StringEquals: { 'events:source': EVENT_SOURCE },
    }),
  ]),
  variables: { eventBusName: bus.eventBusName },
});

/** ListSecrets has no resource-level permission. It shows names, tags and labels of all secrets, but no value. */
export const listSecrets = () =>
  may(
    [allow('List', ['secretsmanager:ListSecrets'], ['*'])],
    ['*', 'ListSecrets has no resource-level permission, and returns no value.'],
  );

/** Limits the use of a KMS key to calls of these AWS services. The host names of each partition end in its own suffix. */
export function through(...services: readonly string[]): Conditions {
  const names = services.map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`);
  return { StringEquals: { 'kms:ViaService': names.length === 1 ? names[0] : names } };
}

/** Use of the KMS key, only through Secrets Manager and SNS. */
export function useEncryptionKey({ encryptionKeyArn }: Realm): Ability {
  if (encryptionKeyArn === undefined) return may([]);
  return may([
    allow(
      'Encryption',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      [encryptionKeyArn],
      through('secretsmanager', 'sns'),
    ),
  ]);
}

/** Reading with former KMS keys: a change of a secret's key does not re-encrypt versions that only our labels keep. */
export function useFormerKeys({ formerKeyArns = [] }: Realm): Ability {
  if (formerKeyArns.length === 0) return may([]);
  return may([allow('FormerEncryption', ['kms:Decrypt'], formerKeyArns, through('secretsmanager'))]);
}

/** What a check does, and a rotation, which ends with one: it reads keys, moves labels, writes memory, starts rotations and sends notices. */
export const actOnKeys = (realm: Realm, ...more: readonly string[]) =>
  together(
    onSecrets(
      realm,
      'Keys',
      [...READ_KEYS, ...more, 'UpdateSecretVersionStage', 'RotateSecret'],
      withOurRotation(realm),
    ),
    writeMemory(realm),
    // The caller of RotateSecret must be allowed to invoke the rotation function.
    askAdmin(realm, 'rotate'),
    // Tells an outage, which has its own alarm, from a single key without answers.
    listSecrets(),
    tellPeople(realm),
    tellMachines(realm),
    useEncryptionKey(realm),
    useFormerKeys(realm),
  );

/** Requires all conditions: tests with the same operator are merged. */
export function mergeConditions(...all: readonly object[]): Conditions {
  const merged: Conditions = {};
  for (const conditions of all)
    for (const [operator, tests] of Object.entries(conditions))
      merged[operator] = { ...merged[operator], ...tests };
  return merged;
}

/** Gives cdk-nag the reasons for an ability's wildcards. */
export function explain(policyOrRole: IConstruct, { wildcards }: Ability): void {
  for (const [resource, reason] of wildcards) acknowledgeWildcard(policyOrRole, resource, reason);
}

/** Suppresses one finding of cdk-nag. `id` is the rule's id, then `[detail]` if the finding has one. A CDK without `Validations` records none. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  const validations: typeof Validations | undefined = Validations;
  validations?.of(construct).acknowledge({ id, reason });
}

/** Suppresses the finding that a policy's `resource` holds a wildcard. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${spellOut(construct, resource)}]`, reason);
}

/** An ARN as cdk-nag spells it: references are in angle brackets. */
function spellOut(construct: IConstruct, arn: string): string {
  const resolved: unknown = Stack.of(construct).resolve(arn);
  if (typeof resolved === 'string') return resolved;
  const [, parts] = (resolved as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
}
