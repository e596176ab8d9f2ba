import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  evidenceLogPrefix,
  type FunctionRole,
  functionName,
  ordersName,
  sharedName,
  undeliveredQueueName,
} from '../contract/names';
import { secretPrefix } from '../domain/policy';

/** ARNs of shared resources, built from their fixed names. Stacks need no exports, so further stacks stay independent of the first. */
export class EnvironmentArns {
  private readonly stack: Stack;

  constructor(
    scope: Construct,
    readonly environment: string,
  ) {
    this.stack = Stack.of(scope);
  }

  function(role: FunctionRole): string {
    return this.arn('lambda', 'function', functionName(this.environment, role), COLON);
  }

  /** The door for people's orders: to IAM another resource than the function. */
  orders(): string {
    return this.arn('lambda', 'function', ordersName(this.environment), COLON);
  }

  /** IAM names are unique per account, so a role's name holds its region. */
  roleName(role: FunctionRole): string {
    return `${functionName(this.environment, role)}-${this.stack.region}`;
  }

  role(role: FunctionRole): string {
    return this.arn('iam', 'role', this.roleName(role), GLOBAL);
  }

  undeliveredQueue(): string {
    return this.stack.formatArn({ service: 'sqs', resource: undeliveredQueueName(this.environment) });
  }

  /** Every secret whose name begins with the environment's prefix. */
  secrets(): string {
    return this.arn('secretsmanager', 'secret', `${secretPrefix(this.environment)}*`, COLON);
  }

  /** A secret whose complete ARN is not known: AWS adds a hyphen and six random characters to its name. */
  secretNamed(name: string): string {
    return this.arn('secretsmanager', 'secret', `${name}-??????`, COLON);
  }

  /** Every secret of the account and region: only to be used with a condition on our tags. */
  secretsOfAll(): string {
    return this.arn('secretsmanager', 'secret', '*', COLON);
  }

  /** Every KMS key of the account and region: only to be used with a condition on the alias. */
  kmsKeys(): string {
    return this.arn('kms', 'key', '*');
  }

  /** The roles with Admin access of all environments of this account. */
  adminRoles(): string {
    return this.arn('iam', 'role', `${functionName('*', 'admin')}-*`, GLOBAL);
  }

  scheduleGroup(name: string): string {
    return this.arn('scheduler', 'schedule-group', name);
  }

  /** Every schedule of the environment, including those of further stacks. */
  schedules(): string {
    return this.arn('scheduler', 'schedule', `${sharedName(this.environment)}*/*`);
  }

  /** The rules that report direct edits. */
  rules(): string {
    return this.arn('events', 'rule', `${sharedName(this.environment)}-*`);
  }

  /** The rule that writes an environment's events to its evidence log, or that of every environment: on any bus, whose name precedes the rule's. */
  evidenceRule(environment = this.environment): string {
    return this.arn('events', 'rule', `*${evidenceRuleName(environment)}`);
  }

  /** The evidence logs of an environment: that of this stack, and those that removed ones have left. */
  evidenceLogs(environment = this.environment): string {
    return this.logGroup(`${evidenceLogPrefix(environment)}*`);
  }

  logGroup(name: string): string {
    return this.arn('logs', 'log-group', name, COLON);
  }

  /** The name by which further stacks know the environment's own KMS key. */
  keyAlias(): string {
    return `alias/${sharedName(this.environment)}`;
  }

  private arn(service: string, resource: string, resourceName: string, form: object = {}): string {
    return this.stack.formatArn({ service, resource, resourceName, ...form });
  }
}

/** The rule of the evidence log. */
export const evidenceRuleName = (environment: string) => `${sharedName(environment)}-evidence`;

const COLON = { arnFormat: ArnFormat.COLON_RESOURCE_NAME };
const GLOBAL = { region: '' };
