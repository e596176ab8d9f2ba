import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type FunctionRole, functionName, sharedName, undeliveredQueueName } from '../contract/names';
import { secretPrefix } from '../domain/policy';

/**
 * ARNs of what an environment shares, built from its fixed names. Nothing refers across stacks by an export, so a further
 * stack of keys neither holds the first one back nor changes it.
 */
export class EnvironmentArns {
  private readonly stack: Stack;

  constructor(
    scope: Construct,
    readonly environment: string,
  ) {
    this.stack = Stack.of(scope);
  }

  function(role: FunctionRole): string {
    return this.stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName(this.environment, role),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** IAM names are unique per account, and a name with its region says where the role is at work. */
  roleName(role: FunctionRole): string {
    return `${functionName(this.environment, role)}-${this.stack.region}`;
  }

  role(role: FunctionRole): string {
    return this.stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: this.roleName(role),
    });
  }

  undeliveredQueue(): string {
    return this.stack.formatArn({ service: 'sqs', resource: undeliveredQueueName(this.environment) });
  }

  /** Every secret whose name begins with the environment's prefix. */
  secrets(): string {
    return this.stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${secretPrefix(this.environment)}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Every secret of the account and region: only ever with a condition on the tags of managed ones. */
  secretsOfAll(): string {
    return this.stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Every KMS key of the account and region: only ever with a condition on its alias. */
  kmsKeys(): string {
    return this.stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  }

  /** The roles with Admin access of all environments of this account. */
  adminRoles(): string {
    const resourceName = functionName('*', 'admin');
    return this.stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: `${resourceName}-*`,
    });
  }

  scheduleGroup(name: string): string {
    return this.stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: name });
  }

  /** Every schedule of the environment, those of further stacks included. */
  schedules(): string {
    const resourceName = `${sharedName(this.environment)}*/*`;
    return this.stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName });
  }

  /** The rules that report direct edits. */
  rules(): string {
    return this.stack.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${sharedName(this.environment)}-*`,
    });
  }

  /** Name that further stacks know the environment's own KMS key by. */
  keyAlias(): string {
    return `alias/${sharedName(this.environment)}`;
  }
}
