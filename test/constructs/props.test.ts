import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { type KeyRotationProps, keyPolicy } from '../../lib';
import { arnOf, KMS_KEY, rotationIn, stackIn } from './other-app';
import { resourcesOf } from './synthesis';

const FORMER = arnOf('kms', 'key/11111111-1111-1111-1111-111111111111');
const ADMIN = arnOf('secretsmanager', 'secret:anthropic-admin-AbCdEf');
const ADOPTED = arnOf('secretsmanager', 'secret:legacy/claude-AbCdEf');
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
      topic: Topic.fromTopicArn(stack, 'T', arnOf('sns', 'mine')),
      alarmTopic: Topic.fromTopicArn(stack, 'A', arnOf('sns', 'pager')),
    }),
    { topicArn: arnOf('sns', 'mine'), alarmTopicArn: arnOf('sns', 'pager') },
  ],
  [
    'the bus',
    (stack) => ({ eventBus: EventBus.fromEventBusName(stack, 'B', 'security') }),
    { eventBusName: 'security' },
  ],
  [
    'KMS keys',
    (stack) => ({
      encryptionKey: Key.fromKeyArn(stack, 'K', KMS_KEY),
      formerEncryption: [Key.fromKeyArn(stack, 'F', FORMER)],
    }),
    { encryption: KMS_KEY, formerEncryption: [FORMER] },
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

test('a key without a policy has the default one', () => {
  const [one, other] = [stackIn(), stackIn()];
  rotationIn(one);
  rotationIn(other, { keys: [{ service: 'gateway', owner: 'gateway@acme.io', policy: keyPolicy({}) }] });
  expect(Template.fromStack(one).toJSON()).toEqual(Template.fromStack(other).toJSON());
});
