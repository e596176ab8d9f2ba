import { Connections, type IConnectable, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { EventBus, type IEventBus, type OnEventOptions, type Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Aws, Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { consumerWarnings } from '../config/consumers';
import { EVENT_SOURCE, isOwnSecret, undeliveredQueueName } from '../contract/names';
import { Alarms } from './alarms';
import { applyCommonSettings } from './common-settings';
import { dashboard } from './dashboard';
import { deadLetterQueue } from './dead-letter-queue';
import { directEditRule } from './direct-edit-rule';
import { encryptionKey } from './encryption';
import { EnvironmentArns } from './environment-arns';
import { EnvironmentMetrics } from './environment-metrics';
import { eventRule } from './event-rule';
import { EvidenceLog } from './evidence-log';
import { functionNetwork } from './function-network';
import { EnvironmentFunctions } from './functions/index';
import { dailyReport } from './functions/report';
import { judgedEnvironment } from './judge-props';
import type { KeyFunction } from './key-function';
import type { KeyRotationProps } from './key-rotation-props';
import { KeySet } from './key-set';
import type { ManagedKey } from './managed-key';
import { NoticeTopic } from './notice-topic';
import { PeoplePolicies } from './people-policies';
import { allow, type Realm, through } from './permissions';
import { adoptedKmsKeys, plainProps, refuseContradictions } from './plain-props';

/** One environment: its keys, functions, notices and alarms. */
export class KeyRotation extends EnvironmentMetrics implements IConnectable {
  /** Name of the environment, such as `prod`. */
  readonly environment: string;
  /** Where notices are published. */
  readonly topic: ITopic;
  /** The bus that gets the events of this environment. */
  readonly eventBus: IEventBus;
  /** Managed policies for people: reader, operator, responder; and the role of `readers`. */
  readonly people: PeoplePolicies;
  /** KMS key of secrets, topic and queue. The grants of a key include its use. Undefined if AWS manages the keys. */
  readonly encryptionKey?: IKey;
  /** The functions, with their roles and logs. */
  readonly functions: EnvironmentFunctions;
  /** The dead-letter queue. */
  readonly undelivered: Queue;
  /** The log group that keeps every event, and outlives the stack. */
  readonly evidenceLogGroupName: string;
  private readonly set: KeySet;
  private readonly securityGroups: readonly ISecurityGroup[];

  /** @throws Error naming every invalid prop, every pair of props that exclude each other, or a second one of an environment */
  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    refuseContradictions(this, props);
    const network = functionNetwork(this, props);
    const plain = plainProps(props, network?.placement);
    const config = judgedEnvironment(this, plain);
    const { environment } = config;
    this.environment = environment;
    refuseSecond(this);
    this.securityGroups = network?.securityGroups ?? [];
    applyCommonSettings(this, config);
    for (const { id, text } of consumerWarnings(config)) Annotations.of(this).addWarningV2(id, text);
    const arns = new EnvironmentArns(this, environment);
    const key = encryptionKey(this, environment, config.encryption, props.encryptionKey);
    this.encryptionKey = key;
    this.eventBus = props.eventBus ?? EventBus.fromEventBusName(this, 'Bus', config.eventBusName);
    // For refused invocations, and for checks that failed after all retries: docs/runbook.md says what to do about them.
    const queueName = undeliveredQueueName(environment);
    this.undelivered = deadLetterQueue(this, 'Undelivered', { queueName, encryptionKey: key });
    this.topic = new NoticeTopic(this, 'Notices', {
      environment,
      alerts: config.alerts,
      owners: config.keys.map(({ owner }) => owner),
      given: props.topic,
      topicArn: config.topicArn,
      encryptionKey: key,
    }).topic;
    const realm: Realm = {
      arns,
      adopted: config.keys.flatMap(({ existing }) =>
        existing && !isOwnSecret(environment, existing) ? existing : [],
      ),
      topicArn: this.topic.topicArn,
      bus: this.eventBus,
      undelivered: this.undelivered,
      adminAccess: config.adminAccess !== undefined,
      encryptionKeyArn: key?.keyArn,
      formerKeyArns: config.formerEncryption,
    };
    this.functions = new EnvironmentFunctions(this, 'Functions', { config, realm });
    this.useKmsKeysOf(props);
    this.set = new KeySet(this, 'Keys', {
      environment,
      home: config.home,
      keys: plain.keys,
      eventBus: this.eventBus,
      stacks: config.stacks,
      // By its ARN, so that CloudFormation creates the key first; it would not wait for an alias.
      encryption: key?.keyArn,
      formerEncryption: config.formerEncryption,
      adoptedKmsKeys: adoptedKmsKeys(props),
      logRetentionDays: config.logRetentionDays,
      furtherSchedules: [dailyReport(arns)],
      functionsReady: [...this.functions.ready, ...(key ? [key] : [])],
    });
    this.watchDirectEdits(arns);
    this.evidenceLogGroupName = new EvidenceLog(this, 'Evidence', { arns, ...config }).logGroup.logGroupName;
    this.people = new PeoplePolicies(this, 'People', realm, config.readers);
    new Alarms(this, 'Alarms', {
      environment,
      check: this.functions.check.function,
      report: this.functions.report.function,
      undelivered: this.undelivered,
      checkEvery: config.keys.map(({ policy }) => policy.checkEvery),
      topic: props.alarmTopic ?? this.alarmTopic(config.alarmTopicArn),
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

  /** The network connections of the functions in a VPC. @throws Error if they are in none */
  get connections(): Connections {
    if (this.securityGroups.length === 0)
      throw new Error(
        `${this.node.path}: the functions are in no VPC, so they have no connections: give vpc or network.`,
      );
    return new Connections({ securityGroups: [...this.securityGroups] });
  }

  /**
   * A rule for every event of this environment, or with `eventPattern` for some of them, such as `{ detailType: ['Key Dead'] }`.
   * @param id unique in the scope, which is this construct unless `crossStackScope` names another
   */
  onEvent(id: string, options: OnEventOptions = {}): Rule {
    const { environment, eventBus } = this;
    const pattern = { source: [EVENT_SOURCE], detail: { environment: [environment] } };
    return eventRule(this, id, options, { eventBus, pattern });
  }

  private alarmTopic(arn: string | undefined): ITopic {
    return arn === undefined ? this.topic : Topic.fromTopicArn(this, 'AlarmTopic', arn);
  }

  /** Secrets that are given as constructs name their KMS keys, too. */
  private useKmsKeysOf(props: KeyRotationProps): void {
    const { check, rotate, admin } = this.functions;
    const use = (
      who: KeyFunction | undefined,
      sid: string,
      actions: string[],
      keyArns: readonly string[],
    ) => {
      if (keyArns.length > 0)
        who?.role.addToPolicy(
          allow(
            sid,
            actions.map((action) => `kms:${action}`),
            keyArns,
            through('secretsmanager'),
          ),
        );
    };
    const adopted = [...new Set(adoptedKmsKeys(props).values())];
    use(check, 'AdoptedEncryption', ['Decrypt'], adopted);
    use(rotate, 'AdoptedEncryption', ['Decrypt', 'GenerateDataKey'], adopted);
    use(admin, 'AdoptedEncryption', ['Decrypt'], adopted);
    const { adminAccess } = props;
    const key = adminAccess && 'adminKeySecret' in adminAccess && adminAccess.adminKeySecret.encryptionKey;
    use(admin, 'AdminKeyEncryption', ['Decrypt'], key ? [key.keyArn] : []);
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

/** The environments of each app. */
const environments = new WeakMap<IConstruct, KeyRotation[]>();

/** All names are fixed, so CloudFormation would refuse a second one. Where a stack has no account or region, it can be another one. */
function refuseSecond(rotation: KeyRotation): void {
  const { root, path } = rotation.node;
  const all = environments.get(root) ?? [];
  const twin = all.find(
    (other) => other.environment === rotation.environment && isSamePlace(Stack.of(other), Stack.of(rotation)),
  );
  if (twin)
    throw new Error(
      `${path}: ${twin.node.path} is environment ${JSON.stringify(rotation.environment)} already: expected one KeyRotation for each environment in an account and region, because its names are fixed.`,
    );
  environments.set(root, [...all, rotation]);
}

const isSamePlace = (one: Stack, other: Stack) =>
  one === other ||
  [
    [one.account, other.account],
    [one.region, other.region],
  ].every(([mine, its]) => Token.compareStrings(mine!, its!) === TokenComparison.SAME);
