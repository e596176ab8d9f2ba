import type { IRule, IRuleTarget } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Arn, ArnFormat, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { LogRetentionDays } from '../config/log-retention';
import type { RestartedService } from '../contract/ecs-service';
import { encodeRestartEnv } from '../contract/restart';
import { deadLetterQueue } from './dead-letter-queue';
import { bundled } from './function-code';
import { acknowledgeWildcard, allow } from './permissions';

/** The function that restarts services, with its role and log, and the queue that keeps what it could not do. */
export function restartFunction(
  scope: Construct,
  props: {
    readonly name: string;
    readonly description: string;
    readonly key: { readonly environment: string; readonly service: string };
    readonly restarted: readonly RestartedService[];
    readonly margin: Duration;
    readonly logRetentionDays: LogRetentionDays;
  },
): { readonly function: IFunction; readonly failures: IQueue } {
  const { name, description, key, restarted, margin } = props;
  const failures = deadLetterQueue(scope, 'Failures');
  const logGroup = new LogGroup(scope, 'Log', {
    logGroupName: `/aws/lambda/${name}`,
    retention: props.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', {
    description,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  role.addToPolicy(allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]));
  allowRestarts(scope, role, restarted);
  const restart = new LambdaFunction(scope, 'Function', {
    ...bundled('restart'),
    functionName: name,
    description,
    role,
    memorySize: 256,
    // It waits for the margin, and reads all pages of all services.
    timeout: Duration.minutes(10),
    logGroup,
    environment: encodeRestartEnv({
      environment: key.environment,
      service: key.service,
      services: Stack.of(scope).toJsonString(restarted),
      marginSeconds: margin.toSeconds(),
    }),
  });
  restart.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: new SqsDestination(failures),
  });
  return { function: restart, failures };
}

/** The CDK's own target would put the path of the rule, and so the name of a stage, into ids: `admitRule` gives the permissions that it lacks. */
export const restartTarget = (restart: IFunction, failures: IQueue): IRuleTarget => ({
  bind: () => ({
    arn: restart.functionArn,
    targetResource: restart,
    deadLetterConfig: { arn: failures.queueArn },
    retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: Duration.hours(6).toSeconds() },
  }),
});

/** Lets a rule invoke the function, and keep what it could not hand over. */
export function admitRule({ ruleArn }: IRule, restart: IFunction, failures: IQueue): void {
  const principal = new ServicePrincipal('events.amazonaws.com');
  restart.addPermission('Rule', { principal, sourceArn: ruleArn });
  failures.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Rule',
      principals: [principal],
      actions: ['sqs:SendMessage'],
      resources: [failures.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    }),
  );
}

/** Exactly these services, the tasks of exactly their clusters, and exactly the roles that were given. */
function allowRestarts(scope: Construct, role: Role, restarted: readonly RestartedService[]): void {
  const own = restarted.filter((service) => service.role === undefined).map(({ arn }) => arn);
  const roles = [...new Set(restarted.flatMap((service) => service.role ?? []))];
  if (own.length > 0) {
    role.addToPolicy(allow('Services', ['ecs:DescribeServices', 'ecs:UpdateService'], own));
    const clusters = own.map((arn) => clusterArn(scope, arn));
    role.addToPolicy(
      allow('Tasks', ['ecs:ListTasks', 'ecs:DescribeTasks'], ['*'], {
        ArnEquals: { 'ecs:cluster': [...new Set(clusters)] },
      }),
    );
    acknowledgeWildcard(
      role,
      '*',
      'Tasks have ids that nobody knows before; the condition limits it to the clusters of the services.',
    );
  }
  if (roles.length > 0) role.addToPolicy(allow('OtherAccounts', ['sts:AssumeRole'], roles));
}

/** The cluster's ARN from that of a service, which may be known only at deployment. */
function clusterArn(scope: Construct, serviceArn: string): string {
  const { partition, region, account } = Arn.split(serviceArn, ArnFormat.SLASH_RESOURCE_NAME);
  const resourceName = Fn.select(1, Fn.split('/', serviceArn));
  return Stack.of(scope).formatArn({
    partition,
    region,
    account,
    service: 'ecs',
    resource: 'cluster',
    resourceName,
  });
}
