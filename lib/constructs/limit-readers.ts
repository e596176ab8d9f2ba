import { AnyPrincipal, ArnPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EnvironmentArns } from './environment-arns';
import { CURRENT_ONLY } from './permissions';

export interface LimitReadersProps {
  readonly secretArn: string;
  /** ARNs of IAM roles and users. */
  readonly principals: readonly string[];
  readonly arns: EnvironmentArns;
}

/**
 * A resource policy for keys that few may read: the listed principals read the current version, the functions of the
 * environment keep what their roles say, and everybody else is denied, administrators included. It stays as long as the live key does.
 */
export function limitReaders(scope: Construct, { secretArn, principals, arns }: LimitReadersProps): void {
  const readers = new CfnResourcePolicy(scope, 'Readers', {
    secretId: secretArn,
    blockPublicPolicy: true,
    resourcePolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'ReadCurrent',
          effect: Effect.ALLOW,
          principals: principals.map((arn) => new ArnPrincipal(arn)),
          actions: ['secretsmanager:GetSecretValue'],
          // In the policy of a secret, this is the secret.
          resources: ['*'],
          conditions: CURRENT_ONLY,
        }),
        new PolicyStatement({
          sid: 'NobodyElse',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['secretsmanager:GetSecretValue'],
          resources: ['*'],
          conditions: {
            // The admin function of every environment must read every live key, so that it never switches off one in use.
            ArnNotLike: {
              'aws:PrincipalArn': [...principals, arns.role('check'), arns.role('rotate'), arns.adminRoles()],
            },
          },
        }),
      ],
    }),
  });
  // The secret outlives the stack, and so must what guards it.
  readers.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}
