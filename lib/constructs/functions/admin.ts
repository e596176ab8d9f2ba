import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AdminAccess } from '../../config/fleet';
import type { AdminEnv } from '../../contract/env';
import { sharedName } from '../../contract/names';
import { ENVIRONMENT_TAG } from '../../contract/policy-tags';
import { type FunctionContext, KeyFunction } from '../key-function';
import {
  type Ability,
  CURRENT_ONLY,
  listSecrets,
  may,
  mergeConditions,
  nameOfAdmin,
  onSecrets,
  READ_KEYS,
  type Realm,
  tellMachines,
  tellPeople,
  together,
  useEncryptionKey,
  useFormerKeys,
  writeMemory,
} from '../permissions';

/**
 * The only function with Admin access to Anthropic: it has no event source. It reads keys to recognise them, and moves no label. Its power
 * is at Anthropic.
 */
export const adminFunction = (scope: Construct, context: FunctionContext, access: AdminAccess) =>
  new KeyFunction(scope, 'Admin', context, {
    role: 'admin',
    description: `Lists and deactivates Anthropic keys of ${context.config.environment}; invoked directly only`,
    abilities: together(
      onSecrets(context.realm, 'Keys', READ_KEYS),
      readEveryLiveKey(context.realm),
      writeMemory(context.realm),
      listSecrets(),
      tellPeople(context.realm),
      tellMachines(context.realm),
      useEncryptionKey(context.realm),
      useFormerKeys(context.realm),
      administer(access),
      { ...may([]), told: nameOfAdmin(context.realm) },
    ),
  });

/**
 * Before a key is switched off, no managed secret of the account and region may have it as its live key, whatever its
 * environment or name: so the live value, and only that, of everything that carries our tag.
 */
const readEveryLiveKey = ({ arns }: Realm): Ability =>
  may(
    [
      new PolicyStatement({
        sid: 'EveryLiveKey',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [arns.secretsOfAll()],
        conditions: mergeConditions(CURRENT_ONLY, {
          Null: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: 'false' },
        }),
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
    ],
    [
      arns.secretsOfAll(),
      'The live value of what carries our tag: no key is switched off that another managed secret holds.',
    ],
    [arns.kmsKeys(), 'Keys with the alias of one of our environments, through Secrets Manager.'],
  );

/** Proves to Anthropic who the function is. */
const administer = (access: AdminAccess): Ability<AdminEnv> => ({
  ...('federation' in access
    ? identityToken(access.federation.audience)
    : adminKey(access.adminKeySecretArn)),
  told: access,
});

/** A short-lived token that says who the function is. Nothing is stored, and it is good for one audience only. */
const identityToken = (audience: string) =>
  may(
    [
      new PolicyStatement({
        sid: 'Identity',
        actions: ['sts:GetWebIdentityToken'],
        // STS has no resource for this action; the audience limits what the token is good for.
        resources: ['*'],
        conditions: {
          'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] },
          Null: { 'sts:IdentityTokenAudience': 'false' },
        },
      }),
    ],
    ['*', 'GetWebIdentityToken has no resource-level permission.'],
  );

const adminKey = (secretArn: string) =>
  may([
    new PolicyStatement({
      sid: 'AdminKey',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secretArn],
    }),
  ]);
