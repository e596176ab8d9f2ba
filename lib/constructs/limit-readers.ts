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
 * A resource policy that lets only the listed principals read the current version, and the functions what their roles allow. Everybody else is
 * denied, even administrators.
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
          // In a secret's policy this means the secret.
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
            // The admin function of every environment reads every live key, so that it never switches off one in use.
            ArnNotLike: {
              'aws:PrincipalArn': [...principals, arns.role('check'), arns.role('rotate'), arns.adminRoles()],
            },
          },
        }),
      ],
    }),
  });
  // The secret outlives the stack, so its protection must too.
  readers.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}
