import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Aws } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { type FunctionContext, KeyFunction } from '../key-function';
import { actOnKeys } from '../permissions';

/**
 * The rotation alone writes values: the submitted key, merged into the current document. It ends with a check, which may ask the admin function
 * and start the rotation of another submission.
 */
export const rotateFunction = (scope: Construct, context: FunctionContext) =>
  new KeyFunction(scope, 'Rotate', context, {
    role: 'rotate',
    description: `Tests and promotes submitted Anthropic keys of ${context.config.environment}`,
    abilities: actOnKeys(context.realm, 'PutSecretValue'),
  });

/** Only this account's Secrets Manager may invoke the rotation. It accepts no rotation schedule without this permission. */
export const admitSecretsManager = (scope: Construct, rotate: KeyFunction): IDependable =>
  new CfnPermission(scope, 'AdmitRotation', {
    action: 'lambda:InvokeFunction',
    functionName: rotate.function.functionName,
    principal: 'secretsmanager.amazonaws.com',
    sourceAccount: Aws.ACCOUNT_ID,
  });
