import { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { AdminAccess } from '../../config/fleet';
import type { AdminEnv } from '../../contract/env';
import { ORDERS_ALIAS, sharedName } from '../../contract/names';
import { ENVIRONMENT_TAG } from '../../contract/policy-tags';
import { type FunctionContext, KeyFunction } from '../key-function';
import {
  type Ability,
  allow,
  askConsumers,
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
  through,
  together,
  useEncryptionKey,
  useFormerKeys,
  writeMemory,
} from '../permissions';

/** The only function with Admin access to Anthropic. It has no event source, reads keys to recognise them, and moves no label. */
export function adminFunction(scope: Construct, context: FunctionContext, access: AdminAccess): KeyFunction {
  const admin = new KeyFunction(scope, 'Admin', context, {
    role: 'admin',
    description: `Lists and deactivates Anthropic keys of ${context.config.environment}; invoked directly only`,
    abilities: together(
      onSecrets(context.realm, 'Keys', READ_KEYS),
      readEveryLiveKey(context.realm),
      writeMemory(context.realm),
      listSecrets(),
      askConsumers(context.realm),
      tellPeople(context.realm),
      tellMachines(context.realm),
      useEncryptionKey(context.realm),
      useFormerKeys(context.realm),
      administer(access),
      { ...may([]), variables: nameOfAdmin(context.realm) },
    ),
  });
  doorForOrders(scope, admin);
  return admin;
}

/**
 * The alias is a resource of its own to IAM, and the handler sees which ARN was invoked. So a function's role, which may invoke the function
 * itself, cannot pass for a person. It points to the newest code, so both doors lead to the same.
 */
function doorForOrders(scope: Construct, { function: admin }: KeyFunction): void {
  new CfnAlias(scope, 'Orders', {
    functionName: admin.functionName,
    functionVersion: '$LATEST',
    name: ORDERS_ALIAS,
    description: "People's orders: contain a leak, retire a key now, reactivate",
  });
}

/**
 * Before a key is switched off, no managed secret of the account and region may hold it as its live key, in whatever environment. So the
 * function reads the live value, and only that, of every secret with our tag.
 */
const readEveryLiveKey = ({ arns }: Realm): Ability =>
  may(
    [
      allow(
        'EveryLiveKey',
        ['secretsmanager:GetSecretValue'],
        [arns.secretsOfAll()],
        mergeConditions(CURRENT_ONLY, { Null: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: 'false' } }),
      ),
      allow('EveryEnvironmentsEncryption', ['kms:Decrypt'], [arns.kmsKeys()], {
        ...through('secretsmanager'),
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/${sharedName('*')}` },
      }),
    ],
    [
      arns.secretsOfAll(),
      'The live value of what carries our tag: no key is switched off that another managed secret holds.',
    ],
    [arns.kmsKeys(), 'Keys with the alias of one of our environments, through Secrets Manager.'],
  );

/** Authenticates the function to Anthropic. */
const administer = (access: AdminAccess): Ability<AdminEnv> => ({
  ...('federation' in access
    ? identityToken(access.federation.audience)
    : adminKey(access.adminKeySecretArn)),
  variables: access,
});

/** A short-lived identity token for one audience. Nothing is stored. */
const identityToken = (audience: string) =>
  may(
    [
      // STS has no resource for this action; the audience limits the token's use.
      allow('Identity', ['sts:GetWebIdentityToken'], ['*'], {
        'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] },
        Null: { 'sts:IdentityTokenAudience': 'false' },
      }),
    ],
    ['*', 'GetWebIdentityToken has no resource-level permission.'],
  );

const adminKey = (secretArn: string) =>
  may([allow('AdminKey', ['secretsmanager:GetSecretValue'], [secretArn])]);
