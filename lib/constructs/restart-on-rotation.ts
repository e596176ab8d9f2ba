import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { CfnService, IBaseService } from 'aws-cdk-lib/aws-ecs';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnResource, Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  LOG_RETENTION_DAYS,
  type LogRetentionDays,
} from '../config/log-retention';
import {
  MOST_SERVICES,
  type RestartedService,
  ROLE_ARN,
  ROLE_ARN_RULE,
  SERVICE_ARN,
  SERVICE_ARN_RULE,
  unreachable,
} from '../contract/ecs-service';
import { keyChangedPattern } from '../contract/events';
import {
  RESTARTED_NAME,
  RESTARTED_NAME_RULE,
  refusalOf,
  restartDescription,
  restartName,
} from '../contract/restart';
import { isElsewhere } from './event-rule';
import { whole } from './key-policy';
import type { IManagedKey } from './managed-key-interface';
import { admitRule, restartFunction, restartTarget } from './restart-function';

/** An ECS service that is known by its ARN alone. */
export interface ServiceByArn {
  /** ARN of the service, such as `arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway`. */
  readonly serviceArn: string;
  /** ARN of a role to assume for it. Required for a service of another account. @default the function's own role */
  readonly roleArn?: string;
}

/** What is restarted after a change of which key. */
export interface RestartOnRotationProps {
  /** The key after whose changes to restart, of this app or of another. Its environment is in the account and region of this stack. */
  readonly key: Pick<IManagedKey, 'environment' | 'service' | 'eventBus'>;
  /** ECS services with rolling deployments, in this account and region. @default none */
  readonly services?: readonly IBaseService[];
  /** ECS services by their ARNs, also of other regions and accounts. @default none */
  readonly servicesByArn?: readonly ServiceByArn[];
  /** Targets of your own that get each change. Nobody can ask them whether they are done. @default none */
  readonly targets?: readonly IRuleTarget[];
  /** How people call what is restarted, in mails. @default the id of this construct */
  readonly consumerName?: string;
  /** How long after a change nothing that starts counts as fresh: from 0 to 5 minutes, in whole seconds. @default 1 minute */
  readonly margin?: Duration;
  /** For how long the log of the function is kept, in days that CloudWatch Logs knows. @default Duration.days(180) */
  readonly logRetention?: Duration;
  /** Where an alarm is sent when a restart failed to the end. @default no alarm; the message stays in `failures` for 14 days */
  readonly alarmTopic?: ITopic;
}

/** The longest margin, in seconds. */
const LONGEST_MARGIN = 300;

/**
 * Restarts what reads a key only at its start, after every change of the live key: a promotion, an accepted edit by hand, a way back. It does nothing
 * where all tasks are fresh already. It belongs into the stack of the service. Before a machine switches an old key off, it asks each
 * `RestartOnRotation` of the key whether its services run only tasks that were created after the change.
 * @throws Error naming every invalid prop
 */
export class RestartOnRotation extends Construct {
  /** The rule on the key's bus. It registers the consumer. */
  readonly rule: Rule;
  /** Restarts services, and says whether they are fresh. Undefined if there are only targets of your own. */
  readonly function?: IFunction;
  /** Keeps events that could not be handled to the end, for 14 days. Undefined if there is no function. */
  readonly failures?: IQueue;

  constructor(scope: Construct, id: string, props: RestartOnRotationProps) {
    super(scope, id);
    const { key, services = [], servicesByArn = [], targets = [], margin = Duration.minutes(1) } = props;
    const consumer = props.consumerName ?? id;
    judge(this, props, consumer, margin);
    for (const service of services) refuseOtherControllers(this, service);
    const { environment, service } = key;
    const name = restartName(environment, service, deployedPath(this));
    const description = restartDescription(consumer, environment, service);
    const restarted: readonly RestartedService[] = [
      ...services.map(({ serviceArn: arn }) => ({ arn })),
      ...servicesByArn.map(({ serviceArn: arn, roleArn: role }) => ({
        arn,
        ...(role !== undefined && { role }),
      })),
    ];
    if (restarted.length > 0) {
      const made = restartFunction(this, {
        ...{ name, description, key, restarted, margin },
        logRetentionDays: retentionDays(props.logRetention),
      });
      this.function = made.function;
      this.failures = made.failures;
      if (props.alarmTopic)
        alarmOn(
          this,
          made.failures,
          props.alarmTopic,
          `${consumer} was not restarted after a change of the Anthropic key ${environment}/${service}.`,
        );
    }
    this.rule = new Rule(this, 'Rule', {
      ruleName: name,
      eventBus: key.eventBus,
      description,
      eventPattern: keyChangedPattern(environment, service),
      targets: [
        ...(this.function && this.failures ? [restartTarget(this.function, this.failures)] : []),
        ...targets,
      ],
    });
    if (this.function && this.failures) admitRule(this.rule, this.function, this.failures);
  }
}

/** @throws Error unless CloudWatch Logs can keep a log for so long */
function retentionDays(retention: Duration = Duration.days(DEFAULT_LOG_RETENTION_DAYS)): LogRetentionDays {
  const days = whole('logRetention', retention, 'days');
  const known = LOG_RETENTION_DAYS.find((each) => each === days);
  if (known === undefined)
    throw new Error(`logRetention is ${days} days: expected one of ${LOG_RETENTION_DAYS.join(', ')}.`);
  return known;
}

/** Path of a construct as it is deployed: by the name of its stack, which is the same in whatever stage `addFleet` puts it. */
function deployedPath(construct: Construct): string {
  let stack = Stack.of(construct);
  // The name of a nested stack is known only at deployment.
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return `${stack.stackName}${construct.node.path.slice(stack.node.path.length)}`;
}

function alarmOn(scope: Construct, failures: IQueue, topic: ITopic, says: string): void {
  const alarm = new Alarm(scope, 'Failed', {
    alarmDescription: `${says} docs/restart-on-rotation.md#when-a-restart-fails`,
    metric: failures.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
}

function judge(scope: Construct, props: RestartOnRotationProps, consumer: string, margin: Duration): void {
  const { services = [], servicesByArn = [], targets = [] } = props;
  const faults = [...misplaced(scope, props.key)];
  if (services.length + servicesByArn.length + targets.length === 0)
    faults.push('it restarts nothing: expected services, servicesByArn or targets');
  if (services.length + servicesByArn.length > MOST_SERVICES)
    faults.push(
      `it has ${services.length + servicesByArn.length} services: expected at most ${MOST_SERVICES}, and a second RestartOnRotation for the others`,
    );
  if (!margin.isUnresolved() && margin.toMilliseconds() > LONGEST_MARGIN * 1000)
    faults.push(`its margin is ${margin.toHumanString()}: expected at most ${LONGEST_MARGIN / 60} minutes`);
  if (!RESTARTED_NAME.test(consumer))
    faults.push(
      `its consumerName, by default its id, is ${JSON.stringify(consumer)}: expected ${RESTARTED_NAME_RULE}`,
    );
  for (const { serviceArn, roleArn } of servicesByArn) faults.push(...faultsOf(scope, serviceArn, roleArn));
  if (faults.length > 0) throw new Error(`${scope.node.path}: ${faults.join('; ')}.`);
}

/** A rule gets the events of a bus of its own account and region, and checks look for it there. */
function misplaced(scope: Construct, { environment, eventBus }: RestartOnRotationProps['key']): string[] {
  if (!isElsewhere(scope, eventBus)) return [];
  const { account, region } = Stack.of(scope);
  return [
    `it is in ${account} ${region}, and ${environment} in ${eventBus.env.account} ${eventBus.env.region}: expected the stack in the place of ${environment}, with servicesByArn for services elsewhere`,
  ];
}

const isKnown = (text: string) => !Token.isUnresolved(text);

/** As the fleet file judges its consumers. */
function faultsOf(scope: Construct, serviceArn: string, roleArn: string | undefined): string[] {
  if (isKnown(serviceArn) && !SERVICE_ARN.test(serviceArn))
    return [`its serviceArn is ${JSON.stringify(serviceArn)}: expected ${SERVICE_ARN_RULE}`];
  if (roleArn !== undefined && isKnown(roleArn) && !ROLE_ARN.test(roleArn))
    return [`its roleArn is ${JSON.stringify(roleArn)}: expected ${ROLE_ARN_RULE}`];
  const { account } = Stack.of(scope);
  const service = { arn: serviceArn, role: roleArn };
  const problem = unreachable(service, isKnown(account) ? account : undefined, isKnown);
  if (!problem) return [];
  return [
    `its ${problem.field === 'arn' ? 'serviceArn' : 'roleArn'} is ${JSON.stringify(service[problem.field])}: expected ${problem.expected}`,
  ];
}

/** Overrides may come after this construct, so it is looked at when the app is synthesised. */
function refuseOtherControllers(scope: Construct, service: IBaseService): void {
  scope.node.addValidation({
    validate: () => {
      const resource = service.node
        .findAll()
        .find((each) => CfnResource.isCfnResource(each) && each.cfnResourceType === 'AWS::ECS::Service');
      const controller: unknown =
        resource && Stack.of(scope).resolve((resource as CfnService).deploymentController);
      const { type = 'ECS' } = (controller ?? {}) as { type?: string };
      if (type === 'ECS') return [];
      return [refusalOf(service.node.path, type)];
    },
  });
}
