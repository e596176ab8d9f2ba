import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AdminAccess } from '../config/fleet';
import { sharedName } from '../contract/names';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import {
  acknowledgeWildcard,
  announce,
  CURRENT_ONLY,
  invoke,
  listSecrets,
  mergeConditions,
  notify,
  onSecrets,
  type Realm,
  useEncryptionKey,
  useFormerKeys,
  withOurRotation,
  writeMemory,
} from './permissions';

const READ = ['DescribeSecret', 'ListSecretVersionIds', 'GetSecretValue'];

/** The check reads, moves labels, remembers, tells. It may not put a value: a key comes from a human only. */
export const checkPermissions = (realm: Realm, adminAccess: boolean): PolicyStatement[] => [
  onSecrets(realm, 'Keys', [...READ, 'UpdateSecretVersionStage', 'RotateSecret'], withOurRotation(realm)),
  writeMemory(realm),
  invoke('Functions', functionsAsked(realm, adminAccess)),
  // A key that is without an answer for a day: is it alone, or is it an outage that the alarm tells?
  listSecrets(),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
  ...useFormerKeys(realm),
];

/**
 * The rotation alone writes values: the submitted key, merged into the current document. It ends with a check, which asks Admin access and
 * begins anew where another key was submitted meanwhile.
 */
export const rotatePermissions = (realm: Realm, adminAccess: boolean): PolicyStatement[] => [
  onSecrets(
    realm,
    'Keys',
    [...READ, 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'],
    withOurRotation(realm),
  ),
  writeMemory(realm),
  invoke('Functions', functionsAsked(realm, adminAccess)),
  listSecrets(),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
  ...useFormerKeys(realm),
];

/** RotateSecret asks that its caller may invoke the rotation function too. */
const functionsAsked = ({ arns }: Realm, adminAccess: boolean) => [
  arns.function('rotate'),
  ...(adminAccess ? [arns.function('admin')] : []),
];

/** Admin access reads keys to recognise them, and moves no label. Its power is at Anthropic. */
export const adminPermissions = (realm: Realm, access: AdminAccess): PolicyStatement[] => [
  onSecrets(realm, 'Keys', READ),
  ...everyLiveKey(realm),
  writeMemory(realm),
  listSecrets(),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
  ...useFormerKeys(realm),
  'federation' in access ? identityToken(access.federation.audience) : adminKey(access.adminKeySecretArn),
];

/**
 * Before a key is switched off, no managed secret of the account and region may have it as its live key, whatever its
 * environment or name: so the live value, and only that, of everything that carries our tag.
 */
const everyLiveKey = ({ arns }: Realm): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'EveryLiveKey',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [arns.secretsOfAll()],
    conditions: mergeConditions(CURRENT_ONLY, { Null: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: 'false' } }),
  }),
  new PolicyStatement({
    sid: 'EveryEnvironmentsEncryption',
    actions: ['kms:Decrypt'],
    resources: [arns.kmsKeys()],
    conditions: {
      StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` },
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/${sharedName('*')}` },
    },
  }),
];

/** Explains to cdk-nag the wildcards of Admin access. */
export function explainAdmin(role: IConstruct, { arns }: Realm): void {
  acknowledgeWildcard(role, '*', 'ListSecrets and GetWebIdentityToken have no resource-level permission.');
  acknowledgeWildcard(
    role,
    arns.secretsOfAll(),
    'The live value of what carries our tag: no key is switched off that another managed secret holds.',
  );
  acknowledgeWildcard(
    role,
    arns.kmsKeys(),
    'Keys with the alias of one of our environments, through Secrets Manager.',
  );
}

/** The report reads no value at all. Before it remembers what it said of a key, it looks at that secret again. */
export const reportPermissions = (realm: Realm, adminAccess: boolean): PolicyStatement[] => [
  listSecrets(),
  onSecrets(realm, 'Keys', ['DescribeSecret']),
  writeMemory(realm),
  ...(adminAccess ? [invoke('Functions', [realm.arns.function('admin')])] : []),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
];

/** A short-lived token that says who the function is. Nothing is stored, and it is good for one audience only. */
const identityToken = (audience: string) =>
  new PolicyStatement({
    sid: 'Identity',
    actions: ['sts:GetWebIdentityToken'],
    // STS has no resource for this action; the audience limits what the token is good for.
    resources: ['*'],
    conditions: {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] },
      Null: { 'sts:IdentityTokenAudience': 'false' },
    },
  });

const adminKey = (secretArn: string) =>
  new PolicyStatement({
    sid: 'AdminKey',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secretArn],
  });
