import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AdminAccess } from '../config/fleet';
import {
  announce,
  invoke,
  listSecrets,
  notify,
  onSecrets,
  type Realm,
  useEncryptionKey,
  withOurRotation,
  writeMemory,
} from './permissions';

const READ = ['DescribeSecret', 'ListSecretVersionIds', 'GetSecretValue'];

/** The check reads, moves labels, remembers, tells. It may not put a value: a key comes from a human only. */
export const checkPermissions = (realm: Realm, adminAccess: boolean): PolicyStatement[] => [
  onSecrets(realm, 'Keys', [...READ, 'UpdateSecretVersionStage', 'RotateSecret'], withOurRotation(realm)),
  writeMemory(realm),
  // RotateSecret asks that its caller may invoke the rotation function too.
  invoke('Functions', [
    realm.arns.function('rotate'),
    ...(adminAccess ? [realm.arns.function('admin')] : []),
  ]),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
];

/** The rotation alone writes values: the submitted key, merged into the current document. */
export const rotatePermissions = (realm: Realm): PolicyStatement[] => [
  onSecrets(realm, 'Keys', [...READ, 'PutSecretValue', 'UpdateSecretVersionStage']),
  writeMemory(realm),
  listSecrets(),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
];

/** Admin access reads keys to recognise them, and moves no label. Its power is at Anthropic. */
export const adminPermissions = (realm: Realm, access: AdminAccess): PolicyStatement[] => [
  onSecrets(realm, 'Keys', READ),
  writeMemory(realm),
  listSecrets(),
  notify(realm),
  announce(realm),
  ...useEncryptionKey(realm),
  'federation' in access ? identityToken(access.federation.audience) : adminKey(access.adminKeySecretArn),
];

/** The report reads no value at all. */
export const reportPermissions = (realm: Realm, adminAccess: boolean): PolicyStatement[] => [
  listSecrets(),
  writeMemory(realm),
  ...(adminAccess ? [invoke('Functions', [realm.arns.function('admin')])] : []),
  notify(realm, 'sns:ListSubscriptionsByTopic'),
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
