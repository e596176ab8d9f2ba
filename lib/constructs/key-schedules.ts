import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Aws } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { flexibleMinutes } from '../domain/schedule';
import type { EnvironmentArns } from './environment-arns';
import { acknowledgeWildcard, allow } from './permissions';

export interface KeySchedulesProps {
  readonly arns: EnvironmentArns;
  /** Name of the schedule group, unique per account and region. */
  readonly groupName: string;
  /** Set if the keys are spread over so many further stacks. @default they are not */
  readonly stacks?: number;
  /** Functions that the schedules invoke. */
  readonly functionArns: readonly string[];
  /** Lets the schedules write to an encrypted queue. @default not needed */
  readonly encryptionUse?: PolicyStatement;
}

export interface ScheduleProps {
  readonly id: string;
  /** Set if the id in the template must not depend on the construct tree. @default from the tree */
  readonly logicalId?: string;
  /** What must exist before it may fire. @default nothing else */
  readonly after?: readonly IDependable[];
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  readonly functionArn: string;
  readonly input: object;
}

/** A group of schedules and their role. They are the fan-out: no coordinator lists keys. */
export class KeySchedules extends Construct {
  private readonly group: CfnScheduleGroup;
  private readonly role: Role;
  private readonly queueArn: string;

  constructor(scope: Construct, id: string, props: KeySchedulesProps) {
    super(scope, id);
    this.queueArn = props.arns.undeliveredQueue();
    this.group = new CfnScheduleGroup(this, 'Group', { name: props.groupName });
    // Another number gives the group another id but the same name, which is taken. So CloudFormation refuses the update before any key has moved.
    if (props.stacks !== undefined) this.group.overrideLogicalId(`SpreadOver${props.stacks}`);
    this.role = new Role(this, 'Role', {
      description: `Lets the schedules of ${props.groupName} invoke their functions`,
      // The confused deputy is kept out: only schedules of this account and group may use the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Aws.ACCOUNT_ID,
            'aws:SourceArn': props.arns.scheduleGroup(props.groupName),
          },
        },
      }),
    });
    this.allow('Functions', 'lambda:InvokeFunction', props.functionArns);
    this.allow('Undelivered', 'sqs:SendMessage', [this.queueArn]);
    if (!props.encryptionUse) return;
    this.role.addToPolicy(props.encryptionUse);
    for (const resource of props.encryptionUse.resources)
      if (resource.endsWith('*'))
        acknowledgeWildcard(
          this.role,
          resource,
          "One key only: the condition names the environment's alias.",
        );
  }

  add({ id, logicalId, after = [], name, description, expression, functionArn, input }: ScheduleProps): void {
    const schedule = new CfnSchedule(this, id, {
      name,
      groupName: this.group.name,
      description,
      scheduleExpression: expression,
      flexibleTimeWindow: windowOf(expression),
      target: {
        arn: functionArn,
        roleArn: this.role.roleArn,
        input: JSON.stringify(input),
        // After an hour the next run is the better retry.
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: this.queueArn },
      },
    });
    schedule.node.addDependency(this.group, this.role, ...after);
    if (logicalId) schedule.overrideLogicalId(logicalId);
  }

  private allow(sid: string, action: string, resources: readonly string[]): void {
    this.role.addToPolicy(allow(sid, [action], resources));
  }
}

function windowOf(expression: string): CfnSchedule.FlexibleTimeWindowProperty {
  const minutes = flexibleMinutes(expression);
  return minutes < 1 ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: minutes };
}
