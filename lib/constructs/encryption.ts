import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EnvironmentArns } from './environment-arns';
import type { EncryptedBy } from './key-access';
import { allow, type Conditions, through } from './permissions';

/** Value of `encryption` for a KMS key of the environment's own. */
const CUSTOMER_MANAGED = 'customer-managed';

/** The KMS key of secrets, topic and queue: a new one, one of yours by ARN, or none. Then AWS manages those of secrets and queue. */
export function encryptionKey(
  scope: Construct,
  environment: string,
  encryption?: string,
  given?: IKey,
): IKey | undefined {
  if (given) {
    // Added to the policy of a key that this app owns; that of any other one stays as it is.
    given.addToResourcePolicy(admitAlarmsAndRules(Stack.of(scope).account));
    return given;
  }
  if (encryption === undefined) return undefined;
  if (encryption !== CUSTOMER_MANAGED) return Key.fromKeyArn(scope, 'EncryptionKey', encryption);
  const key = new Key(scope, 'EncryptionKey', {
    description: `Secrets, notices and undelivered messages of the Anthropic keys of ${environment}`,
    enableKeyRotation: true,
    // Without it no version of a secret could be read any more.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  // Retained with the key: further stacks know the key only by its alias, which must never lead to another key.
  const alias = key.addAlias(new EnvironmentArns(scope, environment).keyAlias());
  alias.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  key.addToResourcePolicy(admitAlarmsAndRules(Aws.ACCOUNT_ID));
  return key;
}

/** Without these permissions a message to an encrypted topic is silently lost. */
const admitAlarmsAndRules = (account: string) =>
  new PolicyStatement({
    sid: 'AlarmsAndRules',
    principals: [
      new ServicePrincipal('cloudwatch.amazonaws.com'),
      new ServicePrincipal('events.amazonaws.com'),
    ],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    // In a key policy this means the key.
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });

/** The key id of a secret: further stacks know the environment's own key by its alias. */
export const secretEncryption = (scope: Construct, environment: string, encryption?: string) =>
  encryption === CUSTOMER_MANAGED ? new EnvironmentArns(scope, environment).keyAlias() : encryption;

/** The name of a KMS key that is given as an alias, by which no policy can name it; undefined of the key itself. */
export const aliasOf = (key: IKey): string | undefined =>
  'aliasName' in key && typeof key.aliasName === 'string' ? key.aliasName : undefined;

/** How applications are allowed to decrypt with a key that somebody gives. */
export function encryptedByKey(key: IKey): EncryptedBy {
  const alias = aliasOf(key);
  return alias === undefined ? { keyArn: key.keyArn } : { alias };
}

/** How applications are allowed to decrypt a secret: in further stacks by the alias of the environment's own key. */
export function encryptedBy(
  scope: Construct,
  environment: string,
  encryption?: string,
): EncryptedBy | undefined {
  if (encryption === undefined) return undefined;
  if (encryption !== CUSTOMER_MANAGED) return { keyArn: encryption };
  return { alias: new EnvironmentArns(scope, environment).keyAlias() };
}

/** Lets schedules write to the encrypted queue: use of the KMS key through SQS, by its alias, as further stacks need it. */
export function useByAlias(
  scope: Construct,
  environment: string,
  encryption?: string,
): PolicyStatement | undefined {
  if (encryption === undefined) return undefined;
  const use = (keyArn: string, conditions: Conditions = {}) =>
    allow('UndeliveredEncryption', ['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn], {
      ...through('sqs'),
      ...conditions,
    });
  if (encryption !== CUSTOMER_MANAGED) return use(encryption);
  const arns = new EnvironmentArns(scope, environment);
  const aliases = { 'kms:ResourceAliases': arns.keyAlias() };
  return use(arns.kmsKeys(), { 'ForAnyValue:StringEquals': aliases });
}
