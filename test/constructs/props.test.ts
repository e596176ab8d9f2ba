import { Match, Template } from 'aws-cdk-lib/assertions';
import { Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { type KeyPolicyProps, KeyRotation, type KeyRotationProps, keyPolicy } from '../../lib';
import { REGION } from '../iam/resolve';
import { appWithoutBundles, resourcesOf } from './synthesis';

const env = { account: '123456789012', region: REGION };
const stackIn = (app = appWithoutBundles()) => new Stack(app, 'Mine', { env });

const rotationIn = (stack: Stack, props: Partial<KeyRotationProps> = {}) =>
  new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
    ...props,
  });

const ARN = (service: string, rest: string) => `arn:aws:${service}:${REGION}:123456789012:${rest}`;
const KEY = ARN('kms', 'key/00000000-0000-0000-0000-000000000000');
const FORMER = ARN('kms', 'key/11111111-1111-1111-1111-111111111111');
const ADMIN = ARN('secretsmanager', 'secret:anthropic-admin-AbCdEf');
const ADOPTED = ARN('secretsmanager', 'secret:legacy/claude-AbCdEf');
const ROLE = 'arn:aws:iam::123456789012:role/gateway';
const BOUNDARY = 'arn:aws:iam::123456789012:policy/team';

/** The same in constructs of the CDK and in plain values. */
const SAME: readonly (readonly [
  name: string,
  constructs: (stack: Stack) => Partial<KeyRotationProps>,
  plain: Partial<KeyRotationProps>,
])[] = [
  [
    'topics',
    (stack) => ({
      topic: Topic.fromTopicArn(stack, 'T', ARN('sns', 'mine')),
      alarmTopic: Topic.fromTopicArn(stack, 'A', ARN('sns', 'pager')),
    }),
    { topicArn: ARN('sns', 'mine'), alarmTopicArn: ARN('sns', 'pager') },
  ],
  [
    'the bus',
    (stack) => ({ eventBus: EventBus.fromEventBusName(stack, 'B', 'security') }),
    { eventBusName: 'security' },
  ],
  [
    'KMS keys',
    (stack) => ({
      encryptionKey: Key.fromKeyArn(stack, 'K', KEY),
      formerEncryption: [Key.fromKeyArn(stack, 'F', FORMER)],
    }),
    { encryption: KEY, formerEncryption: [FORMER] },
  ],
  [
    'durations',
    () => ({
      evidenceRetention: Duration.days(731),
      logRetention: Duration.days(30),
      keys: [
        {
          service: 'gateway',
          owner: 'gateway@acme.io',
          policy: keyPolicy({
            maxAge: Duration.days(60),
            grace: Duration.days(3),
            checkEvery: Duration.hours(6),
          }),
        },
      ],
    }),
    {
      evidenceRetentionDays: 731,
      logRetentionDays: 30,
      keys: [
        {
          service: 'gateway',
          owner: 'gateway@acme.io',
          policy: keyPolicy({ maxAgeDays: 60, graceHours: 72, checkEvery: 'rate(6 hours)' }),
        },
      ],
    },
  ],
  [
    'the boundary',
    (stack) => ({ permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'P', BOUNDARY) }),
    { permissionsBoundary: BOUNDARY },
  ],
  [
    'Admin access',
    (stack) => ({ adminAccess: { adminKeySecret: Secret.fromSecretCompleteArn(stack, 'S', ADMIN) } }),
    { adminAccess: { adminKeySecretArn: ADMIN } },
  ],
  [
    'readers and an adopted secret',
    (stack) => ({
      keys: [
        { service: 'gateway', owner: 'a@acme.io', principals: [Role.fromRoleArn(stack, 'R', ROLE)] },
        { service: 'old', owner: 'a@acme.io', existing: Secret.fromSecretCompleteArn(stack, 'E', ADOPTED) },
      ],
    }),
    {
      keys: [
        { service: 'gateway', owner: 'a@acme.io', principals: [ROLE] },
        { service: 'old', owner: 'a@acme.io', existing: ADOPTED },
      ],
    },
  ],
  [
    'a network',
    (stack) => ({
      vpc: Vpc.fromVpcAttributes(stack, 'V', {
        vpcId: 'vpc-0a1b2c3d',
        availabilityZones: ['eu-central-1a'],
        privateSubnetIds: ['subnet-0a1b2c3d'],
      }),
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'G', 'sg-0a1b2c3d')],
    }),
    { network: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] } },
  ],
];

test.each(SAME)('%s as constructs give the template that plain values give', (_, constructs, plain) => {
  const [one, other] = [stackIn(), stackIn()];
  rotationIn(one, constructs(one));
  rotationIn(other, plain);
  expect(Template.fromStack(one).toJSON()).toEqual(Template.fromStack(other).toJSON());
});

test('constructs of the same app need no ARN that is known at synthesis', () => {
  const stack = stackIn();
  const rotation = rotationIn(stack, {
    topic: new Topic(stack, 'Topic'),
    alarmTopic: new Topic(stack, 'Pager'),
    eventBus: new EventBus(stack, 'Events'),
    encryptionKey: new Key(stack, 'Key'),
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }),
    permissionsBoundary: new ManagedPolicy(stack, 'Boundary', {
      statements: [new PolicyStatement({ actions: ['*'], resources: ['*'] })],
    }),
    adminAccess: {
      adminKeySecret: new Secret(stack, 'AdminKey', { encryptionKey: new Key(stack, 'Theirs') }),
    },
    keys: [
      {
        service: 'gateway',
        owner: 'gateway@acme.io',
        principals: [
          new Role(stack, 'App', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
          new User(stack, 'Person'),
        ],
      },
    ],
  });
  expect(rotation.eventBus.node.path).toBe('Mine/Events');
  const template = Template.fromStack(stack);
  const idOf = (name: string) =>
    Object.keys(resourcesOf(template)).find((id) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id))!;
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: idOf('Pager') }] });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'anthropic-keys-prod-evidence',
    EventBusName: { Ref: idOf('Events') },
  });
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'anthropic/prod/gateway',
    KmsKeyId: { 'Fn::GetAtt': [idOf('Key'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'anthropic-keys-prod-check',
    VpcConfig: { SubnetIds: [Match.anyValue(), Match.anyValue()] },
  });
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: Match.stringLikeRegexp('anthropic-keys-prod-check'),
    PermissionsBoundary: { Ref: idOf('Boundary') },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'AdminKeyEncryption',
          Action: 'kms:Decrypt',
          Resource: { 'Fn::GetAtt': [idOf('Theirs'), 'Arn'] },
        }),
      ]),
    },
  });
});

test('a KMS key of the same app admits alarms and rules; the policies of topics stay as they are', () => {
  const stack = stackIn();
  rotationIn(stack, { encryptionKey: new Key(stack, 'Key'), topic: new Topic(stack, 'Topic') });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'AlarmsAndRules',
          Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        }),
      ]),
    },
  });
  template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
});

test('without securityGroups, the functions get one that lets out HTTPS and the way to the proxy, and connections change it', () => {
  const stack = stackIn();
  const rotation = rotationIn(stack, {
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }),
    proxyUrl: 'https://proxy.acme.io:3128',
  });
  rotation.connections.allowTo(Peer.ipv4('10.0.0.0/8'), Port.tcp(8443), 'A gateway of ours');
  const ports = Object.values(resourcesOf(Template.fromStack(stack)))
    .filter(({ Type }) => Type === 'AWS::EC2::SecurityGroup')
    .map(({ Properties }) => Properties.SecurityGroupEgress as { FromPort: number; CidrIp: string }[]);
  expect(ports.map((rules) => rules.map(({ FromPort, CidrIp }) => [FromPort, CidrIp]))).toEqual([
    [
      [443, '0.0.0.0/0'],
      [3128, '0.0.0.0/0'],
      [8443, '10.0.0.0/8'],
    ],
  ]);
});

test('the security groups of plain ids have connections, too', () => {
  const stack = stackIn();
  const network = { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d', 'sg-0b1b2c3d'] };
  const { connections } = rotationIn(stack, { network });
  expect(connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(
    network.securityGroupIds,
  );
});

test('functions outside a VPC have no connections', () => {
  expect(() => rotationIn(stackIn()).connections).toThrow('give vpc or network');
});

test('a VPC that has still to be looked up is accepted in the first pass of the CDK', () => {
  const app = appWithoutBundles();
  const stack = stackIn(app);
  rotationIn(stack, { vpc: Vpc.fromLookup(stack, 'Vpc', { isDefault: false, vpcName: 'main' }) });
  const { manifest } = app.synth();
  expect(manifest.missing?.map(({ provider }) => provider)).toContain('vpc-provider');
});

const givenIn = (stack: Stack) => ({
  topic: Topic.fromTopicArn(stack, 'T', ARN('sns', 'mine')),
  bus: EventBus.fromEventBusName(stack, 'B', 'security'),
  key: Key.fromKeyArn(stack, 'K', KEY),
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

test.each<[props: KeyPolicyProps, says: string]>([
  [{ maxAge: Duration.days(60), maxAgeDays: 60 }, 'both maxAge and maxAgeDays: expected one of them'],
  [{ grace: Duration.hours(1), graceHours: 1 }, 'both grace and graceHours: expected one of them'],
  [{ maxAge: Duration.hours(36) }, 'maxAge is 1 day 12 hours: expected whole days'],
  [{ grace: Duration.minutes(90) }, 'grace is 1 hour 30 minutes: expected whole hours'],
  [
    { workingHours: { days: 'Monday-Friday', hours: '9-17', timeZone: 'UTC' } },
    'workingHours.days is "Monday-Friday": expected days such as Mon-Fri',
  ],
  [
    { workingHours: { days: 'Mon-Fri', hours: '9-9', timeZone: 'UTC' } },
    'workingHours.hours is "9-9": expected hours such as 9-17 or 22-6',
  ],
  [{ checkEvery: Duration.seconds(330) }, 'checkEvery is 5 minutes 30 seconds: expected whole minutes'],
])('keyPolicy(%j) is refused', (props, says) => {
  expect(() => keyPolicy(props)).toThrow(says);
});

test('a duration that is known only at deployment is refused', () => {
  const { valueAsNumber } = new CfnParameter(stackIn(), 'Days', { type: 'Number' });
  expect(() => keyPolicy({ maxAge: Duration.days(valueAsNumber) })).toThrow(
    'maxAge is known only at deployment',
  );
});

test.each([
  [Duration.minutes(5), 'rate(5 minutes)'],
  [Duration.minutes(60), 'rate(1 hour)'],
  [Duration.days(1), 'rate(1 day)'],
  ['cron(0 9,17 * * ? *)', 'cron(0 9,17 * * ? *)'],
])('%s as checkEvery is %s', (checkEvery, expression) => {
  expect(keyPolicy({ checkEvery }).checkEvery).toBe(expression);
});

test('a key without a policy has the default one', () => {
  const [one, other] = [stackIn(), stackIn()];
  rotationIn(one);
  rotationIn(other, { keys: [{ service: 'gateway', owner: 'gateway@acme.io', policy: keyPolicy({}) }] });
  expect(Template.fromStack(one).toJSON()).toEqual(Template.fromStack(other).toJSON());
});
