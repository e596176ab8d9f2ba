import { type IManagedPolicy, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Tags, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EnvironmentProps } from '../config/fleet';

/** What an environment wants of all its resources: tags, and a boundary for its roles. */
export function applyCommonSettings(
  scope: Construct,
  { tags = {}, permissionsBoundary }: Pick<EnvironmentProps, 'tags' | 'permissionsBoundary'>,
): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
  if (permissionsBoundary) PermissionsBoundary.of(scope).apply(boundary(scope, permissionsBoundary));
}

const boundary = (scope: Construct, policy: string): IManagedPolicy =>
  // What is known only at deployment is the ARN of a construct.
  Token.isUnresolved(policy) || policy.startsWith('arn:')
    ? ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', policy)
    : ManagedPolicy.fromManagedPolicyName(scope, 'Boundary', policy);
