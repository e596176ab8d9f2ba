import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnResourcePolicy, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FleetEnvironment } from '../config/fleet';
import { EVENT_SOURCE, evidenceLogPrefix } from '../contract/names';
import { type EnvironmentArns, evidenceRuleName } from './environment-arns';

export interface EvidenceLogProps
  extends Pick<FleetEnvironment, 'eventBusName' | 'evidenceRetentionDays' | 'evidencePolicy'> {
  readonly arns: EnvironmentArns;
}

/** Keeps every event of an environment in a log group, which survives the stack. The audit page reads its history from there. */
export class EvidenceLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: EvidenceLogProps) {
    super(scope, id);
    const { arns, eventBusName, evidenceRetentionDays, evidencePolicy = 'here' } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      // Part of the stack's id, so that a stack that is created again does not collide with the log group that was kept.
      logGroupName: `${evidenceLogPrefix(arns.environment)}${Fn.select(0, Fn.split('-', stackUuid))}`,
      retention: evidenceRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const rule = new CfnRule(this, 'Rule', {
      name: evidenceRuleName(arns.environment),
      description: `Keeps the events of the Anthropic keys of ${arns.environment} as evidence`,
      eventBusName,
      eventPattern: {
        source: [EVENT_SOURCE],
        account: [Aws.ACCOUNT_ID],
        detail: { environment: [arns.environment] },
      },
      targets: [
        {
          id: 'Log',
          // By its name: the ARN of CloudFormation ends in `:*`, which a target must not.
          arn: arns.logGroup(this.logGroup.logGroupName),
          deadLetterConfig: { arn: arns.undeliveredQueue() },
        },
      ],
    });
    if (evidencePolicy === 'here') rule.node.addDependency(this.admitEvents(arns));
  }

  /** Lets EventBridge write to the evidence logs of every environment of this account and region: a region takes ten such policies. */
  private admitEvents(arns: EnvironmentArns): CfnResourcePolicy {
    const to = {
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Resource: `${arns.evidenceLogs('*')}:*`,
    };
    const fromOurRules = { ArnLike: { 'aws:SourceArn': arns.evidenceRule('*') } };
    return new CfnResourcePolicy(this, 'Policy', {
      policyName: evidenceRuleName(arns.environment),
      policyDocument: Stack.of(this).toJsonString({
        Version: '2012-10-17',
        Statement: [
          // Streams are created on no rule's behalf.
          { Sid: 'Streams', Action: 'logs:CreateLogStream', ...to },
          { Sid: 'Events', Action: 'logs:PutLogEvents', ...to, Condition: fromOurRules },
        ],
      }),
    });
  }
}

/** `arn:…:stack/name/uuid`: the last part of the stack's id. */
const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
