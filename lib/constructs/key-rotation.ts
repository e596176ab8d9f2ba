import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { KeyRotationProps } from '../config/fleet';
import { isOwnSecret, undeliveredQueueName } from '../contract/names';
import { Alarms } from './alarms';
import { applyCommonSettings } from './common-settings';
import { dashboard } from './dashboard';
import { directEditRule } from './direct-edit-rule';
import { encryptionKey } from './encryption';
import { EnvironmentArns } from './environment-arns';
import { EvidenceLog } from './evidence-log';
import { EnvironmentFunctions } from './functions/index';
import { dailyReport } from './functions/report';
import { judgedEnvironment } from './judge-props';
import { KeySet } from './key-set';
import type { ManagedKey } from './managed-key';
import { NoticeTopic } from './notice-topic';
import { PeoplePolicies } from './people-policies';
import { acknowledge, type Realm } from './permissions';

/**
 * One environment: its keys, functions, notices and alarms.
 * @throws Error naming every invalid prop
 */
export class KeyRotation extends Construct {
  /** Where notices are published. */
  readonly topic: ITopic;
  /** Managed policies for people: reader, operator, responder. */
  readonly people: PeoplePolicies;
  /** KMS key of secrets, topic and queue, e.g. to `grantDecrypt` it to an application. Undefined if AWS manages the keys. */
  readonly encryptionKey?: IKey;
  readonly functions: EnvironmentFunctions;
  readonly undelivered: Queue;
  /** The log group that keeps every event, and outlives the stack. */
  readonly evidenceLogGroupName: string;
  private readonly set: KeySet;

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    const config = judgedEnvironment(this.node.path, props);
    const { environment } = config;
    applyCommonSettings(this, config);
    const arns = new EnvironmentArns(this, environment);
    const key = encryptionKey(this, environment, config.encryption);
    this.encryptionKey = key;
    const bus = EventBus.fromEventBusName(this, 'Bus', config.eventBusName);
    this.undelivered = undeliveredQueue(this, environment, key);
    this.topic = new NoticeTopic(this, 'Notices', {
      environment,
      alerts: config.alerts,
      owners: config.keys.map(({ owner }) => owner),
      topicArn: config.topicArn,
      encryptionKey: key,
    }).topic;
    const realm: Realm = {
      arns,
      adopted: config.keys.flatMap(({ existing }) =>
        existing && !isOwnSecret(environment, existing) ? existing : [],
      ),
      topicArn: this.topic.topicArn,
      bus,
      undelivered: this.undelivered,
      adminAccess: config.adminAccess !== undefined,
      encryptionKeyArn: key?.keyArn,
      formerKeyArns: config.formerEncryption,
    };
    this.functions = new EnvironmentFunctions(this, 'Functions', { config, realm });
    this.set = new KeySet(this, 'Keys', {
      environment,
      home: config.home,
      eventBusName: config.eventBusName,
      keys: props.keys,
      stacks: config.stacks,
      // By its ARN, so that CloudFormation creates the key first; it would not wait for an alias.
      encryption: key?.keyArn,
      furtherSchedules: [dailyReport(arns)],
      functionsReady: [...this.functions.ready, ...(key ? [key] : [])],
    });
    this.watchDirectEdits(arns);
    this.evidenceLogGroupName = new EvidenceLog(this, 'Evidence', { arns, ...config }).logGroup.logGroupName;
    this.people = new PeoplePolicies(this, 'People', realm);
    new Alarms(this, 'Alarms', {
      environment,
      check: this.functions.check.function,
      report: this.functions.report.function,
      undelivered: this.undelivered,
      checkEvery: config.keys.map(({ policy }) => policy.checkEvery),
      topic: config.alarmTopicArn ? Topic.fromTopicArn(this, 'AlarmTopic', config.alarmTopicArn) : this.topic,
      runbookUrl: config.runbookUrl,
    });
    dashboard(this, environment, this.functions.check.logGroup);
  }

  /** The managed keys of this stack. */
  get keys(): readonly ManagedKey[] {
    return this.set.keys;
  }

  /** The managed key of a service, e.g. to `grantRead` it to an application. @throws Error if this stack has none */
  key(service: string): ManagedKey {
    const found = this.keys.find((key) => key.service === service);
    if (found) return found;
    const known = this.keys.map((key) => key.service).join(', ');
    throw new Error(`No key ${JSON.stringify(service)} in ${Stack.of(this).stackName}: it has ${known}.`);
  }

  private watchDirectEdits(arns: EnvironmentArns): void {
    directEditRule(this, arns);
    new CfnPermission(this, 'AdmitRules', {
      action: 'lambda:InvokeFunction',
      functionName: this.functions.check.function.functionName,
      principal: 'events.amazonaws.com',
      // No sourceAccount, because EventBridge does not send it to Lambda. The ARN holds the account.
      sourceArn: arns.rules(),
    });
    this.undelivered.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Rules',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.undelivered.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': [arns.rules(), arns.evidenceRule()] },
        },
      }),
    );
  }
}

/** The dead-letter queue, for refused invocations and for checks that failed after all retries. docs/runbook.md says what to do about them. */
function undeliveredQueue(scope: Construct, environment: string, encryptionKey?: IKey): Queue {
  const queue = new Queue(scope, 'Undelivered', {
    queueName: undeliveredQueueName(environment),
    enforceSSL: true,
    encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'This queue is itself where undelivered messages end.');
  return queue;
}
