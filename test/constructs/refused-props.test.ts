import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Lazy, Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { KeyRotation, type KeyRotationProps, type Policy } from '../../lib';
import { arnOf, KMS_KEY, rotationIn, stackIn } from './other-app';

const GATEWAY = { service: 'gateway', owner: 'gateway@acme.io' };
const FEDERATION = {
  ruleId: 'rule',
  organizationId: 'org',
  serviceAccountId: 'account',
  audience: 'anthropic',
};

const givenIn = (stack: Stack) => ({
  fifo: new Topic(stack, 'Fifo', { fifo: true }),
  alias: Alias.fromAliasName(stack, 'Alias', 'alias/mine'),
  secret: Secret.fromSecretCompleteArn(stack, 'Admin', arnOf('secretsmanager', 'secret:admin-AbCdEf')),
  topic: Topic.fromTopicArn(stack, 'T', arnOf('sns', 'mine')),
  bus: EventBus.fromEventBusName(stack, 'B', 'security'),
  key: Key.fromKeyArn(stack, 'K', KMS_KEY),
  vpc: Vpc.fromVpcAttributes(stack, 'V', {
    vpcId: 'vpc-0a1b2c3d',
    availabilityZones: ['eu-central-1a'],
    privateSubnetIds: ['subnet-0a1b2c3d'],
    publicSubnetIds: ['subnet-0b1b2c3d'],
  }),
});

test.each<[says: string, props: (given: ReturnType<typeof givenIn>) => Partial<KeyRotationProps>]>([
  ['topic and topicArn are both given', ({ topic }) => ({ topic, topicArn: topic.topicArn })],
  [
    'alarmTopic and alarmTopicArn are both given',
    ({ topic }) => ({ alarmTopic: topic, alarmTopicArn: topic.topicArn }),
  ],
  ['eventBus and eventBusName are both given', ({ bus }) => ({ eventBus: bus, eventBusName: 'security' })],
  [
    'encryptionKey and encryption are both given',
    ({ key }) => ({ encryptionKey: key, encryption: 'customer-managed' }),
  ],
  [
    'vpc and network are both given',
    ({ vpc }) => ({ vpc, network: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] } }),
  ],
  [
    'evidenceRetention and evidenceRetentionDays are both given',
    () => ({ evidenceRetention: Duration.days(400), evidenceRetentionDays: 400 }),
  ],
  [
    'logRetention and logRetentionDays are both given',
    () => ({ logRetention: Duration.days(30), logRetentionDays: 30 }),
  ],
  ['vpcSubnets is given without vpc', () => ({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } })],
  ['securityGroups is given without vpc', () => ({ securityGroups: [] })],
  [
    'vpcSubnets selects public subnets',
    ({ vpc }) => ({ vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } }),
  ],
  ['topic is a FIFO topic: expected a standard one', ({ fifo }) => ({ topic: fifo })],
  ['encryptionKey is an alias: expected the KMS key itself', ({ alias }) => ({ encryptionKey: alias })],
  ['formerEncryption[1] is an alias', ({ key, alias }) => ({ formerEncryption: [key, alias] })],
  ['two keys are of service "gateway"', () => ({ keys: [GATEWAY, GATEWAY] })],
  ['two keys are of service "gateway"', () => ({ keys: [GATEWAY], keysElsewhere: [GATEWAY] })],
  [
    'topicArn is "arn:aws:sns:us-east-1:123456789012:far": expected something in eu-central-1, account 123456789012',
    () => ({ topicArn: 'arn:aws:sns:us-east-1:123456789012:far' }),
  ],
  [
    'keys.gateway.existing is "arn:aws:secretsmanager:eu-central-1:210987654321:secret:theirs-AbCdEf": expected something in',
    () => ({
      keys: [
        {
          ...GATEWAY,
          existing: 'arn:aws:secretsmanager:eu-central-1:210987654321:secret:theirs-AbCdEf',
        },
      ],
    }),
  ],
  [
    'adminAccess is {"federation":',
    ({ secret }) => ({ adminAccess: { federation: FEDERATION, adminKeySecret: secret } }),
  ],
  ['logRetentionDays is 45: expected one of 1, 3, 5', () => ({ logRetention: Duration.days(45) })],
  [
    'evidenceRetention is 1 day 12 hours: expected whole days',
    () => ({ evidenceRetention: Duration.hours(36) }),
  ],
])('it is refused by name that %s', (says, props) => {
  const stack = stackIn();
  expect(() => rotationIn(stack, props(givenIn(stack)))).toThrow(says);
});

test('all pairs of which both are given are named at once', () => {
  const stack = stackIn();
  const { topic, bus } = givenIn(stack);
  expect(() => rotationIn(stack, { topic, topicArn: 'x', eventBus: bus, eventBusName: 'y' })).toThrow(
    [
      'Mine/Keys: the props of environment "prod" cannot be used so:',
      '  topic and topicArn are both given: expected one of them',
      '  eventBus and eventBusName are both given: expected one of them',
    ].join('\n'),
  );
});

test('a bus of another region or account is refused, because the rule of the evidence log must be on it', () => {
  const stack = stackIn();
  const eventBus = EventBus.fromEventBusArn(
    stack,
    'B',
    'arn:aws:events:us-east-1:123456789012:event-bus/far',
  );
  expect(() => rotationIn(stack, { eventBus })).toThrow(
    'eventBus is in us-east-1, account 123456789012: expected a bus in eu-central-1, account 123456789012',
  );
});

test.each([
  ['of which only the name is known', (stack: Stack) => Secret.fromSecretNameV2(stack, 'S', 'legacy/claude')],
  ['that the same app creates', (stack: Stack) => new Secret(stack, 'S')],
])('an adopted secret %s is refused: rules name it as text', (_, secretIn) => {
  const stack = stackIn();
  const keys = [{ service: 'gateway', owner: 'a@acme.io', existing: secretIn(stack) }];
  expect(() => rotationIn(stack, { keys })).toThrow('expected the complete ARN of a secret');
});

describe('what no compiler checks in plain JavaScript is said in words', () => {
  test.each<[says: string, props: object]>([
    ['alerts is missing: expected a list of e-mail addresses', { alerts: undefined }],
    ['alerts is "a@acme.io": expected a list of e-mail addresses', { alerts: 'a@acme.io' }],
    ['alerts is null: expected a list of e-mail addresses', { alerts: null }],
    ['alerts is known only at deployment', { alerts: Token.asList(Lazy.list({ produce: () => [] })) }],
    ['keys is missing: expected a list of keys', { keys: undefined }],
    ['keys is {"gateway":{}}: expected a list of keys', { keys: { gateway: {} } }],
    ['keysElsewhere is "gateway": expected a list of keys', { keysElsewhere: 'gateway' }],
  ])('%s', (says, props) => {
    expect(() => rotationIn(stackIn(), props)).toThrow(says);
  });

  test('a part of a policy is completed', () => {
    const keys = [{ ...GATEWAY, policy: { graceHours: 5 } as Policy }];
    const template = Template.fromStack(Stack.of(rotationIn(stackIn(), { keys })));
    const tag = (name: string, Value: string) => ({ Key: `anthropic-key:${name}`, Value });
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      Tags: Match.arrayWith([tag('grace-hours', '5'), tag('max-age-days', '90')]),
    });
  });
});

describe('a second KeyRotation of an environment', () => {
  const props = { environment: 'prod', alerts: ['a@acme.io'], home: {}, keys: [GATEWAY] };
  const US = { env: { account: '123456789012', region: 'us-east-1' } };
  const SAME = { env: { account: '123456789012', region: 'eu-central-1' } };

  test.each<[where: string, scopeIn: (first: Stack) => Construct]>([
    ['in the same stack', (first) => first],
    ['in another stack of its account and region', (first) => new Stack(first.node.root, 'Other', SAME)],
    ['in a stage', (first) => new Stack(new Stage(first.node.root, 'Later', SAME), 'Other')],
  ])('is refused %s, by the name of the first', (_, scopeIn) => {
    const first = stackIn();
    rotationIn(first);
    expect(() => new KeyRotation(scopeIn(first), 'Again', props)).toThrow(
      /Again: Mine\/Keys is environment "prod" already: expected one KeyRotation/,
    );
  });

  test.each<[where: string, scopeIn: (first: Stack) => Construct, environment: string]>([
    ['in another region', (first) => new Stack(first.node.root, 'Other', US), 'prod'],
    ['where its place is not known', (first) => new Stack(first.node.root, 'Other'), 'prod'],
    ['of another name', (first) => first, 'dev'],
    ['in another app', () => stackIn(), 'prod'],
  ])('is none %s', (_, scopeIn, environment) => {
    const first = stackIn();
    rotationIn(first);
    expect(() => new KeyRotation(scopeIn(first), 'Again', { ...props, environment })).not.toThrow();
  });
});
