import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import type { KeyRotationProps } from '../../lib';
import { arnOf, KMS_KEY, rotationIn, stackIn } from './other-app';

const givenIn = (stack: Stack) => ({
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
      'Mine/Keys: the props of environment "prod" contradict each other:',
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
