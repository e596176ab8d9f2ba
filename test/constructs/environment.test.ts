import { Match, type Template } from 'aws-cdk-lib/assertions';
import { decodeAdminEnv, decodeEnv } from '../../lib/contract/env';
import type { AlarmProperties } from '../../local/demo/alarm';
import { checkedEvery, everything, smallest } from './fleets';
import { type Resource, resourcesOf, templateOf } from './synthesis';

const prod = () => templateOf(everything, 'AnthropicKeys-prod');

test('functions run on the newest Node.js, on arm64, with JSON logs of limited retention, and without tracing', () => {
  const template = templateOf(smallest);
  template.resourceCountIs('AWS::Lambda::Function', 3);
  template.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    LoggingConfig: Match.objectLike({ LogFormat: 'JSON' }),
    TracingConfig: Match.absent(),
    ReservedConcurrentExecutions: Match.absent(),
  });
  const logs = template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 180 } });
  expect(Object.values(logs).map(({ Properties }) => Properties.LogGroupName)).toEqual([
    '/aws/lambda/anthropic-keys-prod-check',
    '/aws/lambda/anthropic-keys-prod-rotate',
    '/aws/lambda/anthropic-keys-prod-report',
  ]);
});

test('the rotation has time to ask a refused key for eight minutes, the others for one confirmation', () => {
  const template = templateOf(smallest);
  for (const [name, Timeout] of [
    ['check', 600],
    ['rotate', 900],
    ['report', 600],
  ])
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: Match.stringLikeRegexp(`-${name}$`),
      Timeout,
    });
});

test('refused keys alarm within a minute, and for no longer than checks need', () => {
  templateOf(smallest).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: Match.stringLikeRegexp('-keys-refused$'),
    MetricName: 'KeysRefused',
    Period: 60,
    DatapointsToAlarm: 1,
    EvaluationPeriods: Match.anyValue(),
  });
});

test('functions get a command of the command line only where it is configured', () => {
  expect(JSON.stringify(templateOf(smallest).toJSON())).not.toContain('ROTATION_CLI_COMMAND');
});

/** Of the environment itself: one that restarts consumers has variables of its own. */
const functionsOf = (template: Template) =>
  Object.values(resourcesOf(template)).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && !String(Properties.FunctionName).includes('-restart-'),
  );

test('every function gets an environment that it can decode', () => {
  const functions = functionsOf(prod());
  expect(functions).toHaveLength(4);
  for (const { Properties } of functions) {
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    const texts = Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [name, literal(value)]),
    );
    expect(decodeEnv(texts)).toMatchObject({
      environment: 'prod',
      expectedHome: { organizationId: 'org-acme', workspaceId: 'wrkspc_prod' },
      adminFunction: 'anthropic-keys-prod-admin',
      cliCommand: 'pnpm exec anthropic-keys',
      spendLimitReviewed: '2026-10-01',
    });
    expect(texts).toMatchObject({
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: 'https://proxy.acme.io:3128',
    });
    expect(filledIn(Variables.NO_PROXY)).toBe('.suffix-of-the-partition,.api.aws');
  }
});

test('only the function with Admin access gets its credential', () => {
  for (const { Properties } of lambdas()) {
    const { Variables } = Properties.Environment as { Variables: Record<string, string> };
    const told = Object.keys(Variables).some((name) => /FEDERATION|ADMIN_KEY/.test(name));
    expect([Properties.FunctionName, told]).toEqual([
      Properties.FunctionName,
      Properties.FunctionName === 'anthropic-keys-prod-admin',
    ]);
    if (told) expect(decodeAdminEnv(Variables).federation?.ruleId).toBe('fdrl_1');
  }
});

test('an admin key in a secret of its own is readable by that one function', () => {
  const policies = JSON.stringify(resourcesOf(templateOf(everything, 'AnthropicKeys-dev')));
  expect(policies.split('"Sid":"AdminKey"')).toHaveLength(2);
  expect(policies).not.toContain('sts:GetWebIdentityToken');
});

test('Admin access reads the live value of every secret with our tag, and of no other', () => {
  const policy = Object.entries(resourcesOf(prod())).find(([id]) =>
    /FunctionsAdminRoleDefaultPolicy/.test(id),
  );
  const { Statement } = policy![1].Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
  expect(Statement.find(({ Sid }) => Sid === 'EveryLiveKey')).toMatchObject({
    Action: 'secretsmanager:GetSecretValue',
    Condition: {
      StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
      Null: { 'aws:ResourceTag/anthropic-key:environment': 'false', 'secretsmanager:VersionId': 'true' },
    },
  });
});

test('a failed check ends in the queue, not in a log that nobody reads', () => {
  templateOf(smallest).hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
  });
});

test('topic and queue refuse plain HTTP, and alarms of this account may publish', () => {
  const template = templateOf(smallest);
  const insecure = Match.objectLike({
    Effect: 'Deny',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  const alarms = Match.objectLike({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } });
  // One by one, because CDKs of the peer range write them in different orders.
  for (const [type, statement] of [
    ['AWS::SNS::TopicPolicy', insecure],
    ['AWS::SNS::TopicPolicy', alarms],
    ['AWS::SQS::QueuePolicy', insecure],
  ] as const)
    template.hasResourceProperties(type, { PolicyDocument: { Statement: Match.arrayWith([statement]) } });
});

test('every address has one subscription: to everything for alerts, to their own keys for owners', () => {
  const shared = `
environments:
  prod:
    alerts: [a@acme.io, b@acme.io, a@acme.io]
    keys:
      one: { owner: a@acme.io }
      two: { owner: c@acme.io }
      three: { owner: c@acme.io }
`;
  const mails = Object.values(resourcesOf(templateOf(shared)))
    .filter(({ Type }) => Type === 'AWS::SNS::Subscription')
    .map(({ Properties }) => [Properties.Endpoint, Properties.FilterPolicy]);
  expect(mails).toEqual([
    ['a@acme.io', undefined],
    ['b@acme.io', undefined],
    ['c@acme.io', { owner: ['c@acme.io'] }],
  ]);
});

const alerting = (alerts: string) => `
environments:
  prod:
    alerts: ${alerts}
    keys:
      one: { owner: a@acme.io }
      two: { owner: c@acme.io }
`;

const subscriptionsOf = (alerts: string) =>
  Object.entries(resourcesOf(templateOf(alerting(alerts)))).filter(
    ([, { Type }]) => Type === 'AWS::SNS::Subscription',
  );

test('a mailbox for critical notices has a filter, and one subscription whatever else it hears', () => {
  const mails = subscriptionsOf(
    '{ all: [a@acme.io, b@acme.io], critical: [b@acme.io, c@acme.io, d@acme.io, d@acme.io] }',
  ).map(([, { Properties }]) => [Properties.Endpoint, Properties.FilterPolicy]);
  expect(mails).toEqual([
    ['a@acme.io', undefined],
    ['b@acme.io', undefined],
    ['c@acme.io', { $or: [{ owner: ['c@acme.io'] }, { severity: ['critical'] }] }],
    ['d@acme.io', { severity: ['critical'] }],
  ]);
});

test('the list of alerts means all: the template is the same, and a subscription keeps its id when it hears less', () => {
  const list = '[a@acme.io, b@acme.io]';
  expect(templateOf(alerting('{ all: [a@acme.io, b@acme.io] }')).toJSON()).toEqual(
    templateOf(alerting(list)).toJSON(),
  );
  const ids = (alerts: string) =>
    subscriptionsOf(alerts)
      .map(([id]) => id)
      .sort();
  expect(ids('{ all: [a@acme.io], critical: [b@acme.io] }')).toEqual(ids(list));
});

test('functions know who hears only what is critical', () => {
  const template = templateOf(alerting('{ all: [a@acme.io], critical: [on-call@acme.io] }'));
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'anthropic-keys-prod-check',
    Environment: {
      Variables: Match.objectLike({
        ROTATION_ALERT_ADDRESSES: 'a@acme.io',
        ROTATION_CRITICAL_ADDRESSES: 'on-call@acme.io',
      }),
    },
  });
  expect(JSON.stringify(templateOf(alerting('[a@acme.io]')).toJSON())).not.toContain('ROTATION_CRITICAL');
});

test('schedules and Secrets Manager of other accounts are kept out', () => {
  const template = templateOf(smallest);
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': Match.anyValue(),
            },
          },
        }),
      ],
    },
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
  });
});

test('rules are admitted by ARN alone, because EventBridge sends Lambda no account', () => {
  templateOf(smallest).hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'events.amazonaws.com',
    SourceArn: Match.anyValue(),
    SourceAccount: Match.absent(),
  });
});

test('a KMS key of the environment encrypts secrets, topic and queue, and rotates', () => {
  const template = prod();
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
});

test('a secret names its KMS key by ARN in the stack that creates the key, and by alias in a further stack', () => {
  const [key] = Object.entries(resourcesOf(prod())).find(([, { Type }]) => Type === 'AWS::KMS::Key')!;
  prod().hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: { 'Fn::GetAtt': [key, 'Arn'] } });
  const shard = templateOf(everything, 'AnthropicKeys-prod-second');
  shard.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: 'alias/anthropic-keys-prod' });
});

test('a KMS key outlives its environment together with its alias', () => {
  for (const type of ['AWS::KMS::Key', 'AWS::KMS::Alias'])
    prod().hasResource(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
});

test('functions that read keys can decrypt with a former KMS key, and nobody can encrypt with it', () => {
  const statements = Object.values(resourcesOf(templateOf(everything, 'AnthropicKeys-dev'))).flatMap(
    ({ Properties }) =>
      ((Properties.PolicyDocument as { Statement?: Record<string, unknown>[] } | undefined)?.Statement ?? [])
        .filter(({ Sid }) => Sid === 'FormerEncryption')
        .map(({ Action, Resource }) => [Action, Resource]),
  );
  const former = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111';
  expect(statements).toEqual(['check', 'rotate', 'admin'].map(() => ['kms:Decrypt', former]));
});

test('an existing topic is used as it is, and alarms go to the second channel', () => {
  const dev = templateOf(everything, 'AnthropicKeys-dev');
  dev.resourceCountIs('AWS::SNS::Topic', 0);
  dev.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  prod().allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: ['arn:aws:sns:eu-central-1:123456789012:pager'],
  });
});

test.each([
  ['every five minutes', checkedEvery('rate(5 minutes)'), 2],
  ['hourly', smallest, 3],
  ['every six hours', checkedEvery('rate(6 hours)'), 8],
  ['at 9 and 17', checkedEvery('cron(0 9,17 * * ? *)'), 18],
  ['daily', checkedEvery('rate(1 day)'), 26],
  [
    'daily, and one of them hourly',
    `${checkedEvery('rate(1 day)')}      other: { owner: other@acme.io }\n`,
    26,
  ],
])('where keys are checked %s, an alarm about a state says how long it persists', (_, yaml, hours) => {
  templateOf(yaml).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'anthropic-keys-prod-key-dead',
    AlarmDescription: Match.stringLikeRegexp(`It ends ${hours} hours after the last run that found it`),
    Namespace: 'AnthropicKeyRotation',
    MetricName: 'KeyDead',
    Dimensions: [{ Name: 'environment', Value: 'prod' }],
    Period: 3600,
    EvaluationPeriods: hours,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
  });
});

test('a key in a further stack lengthens the alarms of the first one', () => {
  const further = smallest.replace(
    'gateway@acme.io }',
    'gateway@acme.io }\n      slow: { owner: a@acme.io, stack: second, policy: { checkEvery: rate(1 day) } }',
  );
  templateOf(further).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'anthropic-keys-prod-key-dead',
    EvaluationPeriods: 26,
  });
});

test('what only the daily report counts persists until the next one', () => {
  templateOf(smallest).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'anthropic-keys-prod-keys-unwatched',
    EvaluationPeriods: 26,
  });
});

test('every alarm about a state of single keys has one about its beginnings, which nobody is told the end of', () => {
  const alarms = Object.values(resourcesOf(templateOf(smallest))).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? [Properties as unknown as AlarmProperties] : [],
  );
  const states = alarms.filter(({ DatapointsToAlarm, MetricName }) => DatapointsToAlarm === 1 && MetricName);
  const isOneForAll = ({ AlarmName }: AlarmProperties) => /-(nobody-listens|blocked-.+)$/.test(AlarmName);
  expect(states.filter((state) => !isOneForAll(state)).length).toBeGreaterThan(5);
  for (const { AlarmName, MetricName, OKActions } of states.filter((state) => !isOneForAll(state))) {
    const beginning = alarms.find((alarm) => alarm.AlarmName === `${AlarmName}-new`)!;
    expect(beginning).toMatchObject({ MetricName: `${MetricName}Begun`, Period: 60, EvaluationPeriods: 1 });
    expect([OKActions?.length, beginning.OKActions]).toEqual([1, undefined]);
  }
});

test('a missing heartbeat is an alarm', () => {
  templateOf(smallest).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'anthropic-keys-prod-check-not-running',
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 26,
    TreatMissingData: 'breaching',
  });
});

test.each([
  ['rate(30 minutes)', 3],
  ['rate(6 hours)', 8],
  ['rate(1 day)', 26],
  ['cron(0 9,17 * * ? *)', 18],
])('where a key is checked at %s, two failing hours of %i are an alarm', (checkEvery, hours) => {
  templateOf(checkedEvery(checkEvery)).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'anthropic-keys-prod-check-failed',
    Period: 3600,
    EvaluationPeriods: hours,
    DatapointsToAlarm: 2,
  });
});

test('functions are placed in a network by ids, without a lookup at synthesis', () => {
  expect(functionsOf(prod()).map(({ Properties }) => Properties.VpcConfig)).toEqual(
    Array(4).fill({ SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: ['sg-0a1b2c3d'] }),
  );
});

test('Admin access has a second door for orders of people, to the same code', () => {
  prod().hasResourceProperties('AWS::Lambda::Alias', {
    Name: 'orders',
    FunctionName: { Ref: Match.stringLikeRegexp('FunctionsAdminFunction') },
    FunctionVersion: '$LATEST',
    RoutingConfig: Match.absent(),
  });
  templateOf(smallest).resourceCountIs('AWS::Lambda::Alias', 0);
});

test('no person can read a key, and only the responder can use Admin access', () => {
  const policies = Object.values(resourcesOf(prod())).filter(
    ({ Type }) => Type === 'AWS::IAM::ManagedPolicy',
  );
  const texts = Object.fromEntries(
    policies.map(({ Properties }) => [
      Properties.ManagedPolicyName,
      JSON.stringify(Properties.PolicyDocument),
    ]),
  );
  expect(Object.keys(texts).sort()).toEqual([
    'anthropic-keys-prod-operator',
    'anthropic-keys-prod-reader',
    'anthropic-keys-prod-responder',
  ]);
  for (const text of Object.values(texts)) expect(text).not.toContain('GetSecretValue');
  expect(texts['anthropic-keys-prod-reader']).not.toMatch(/Put|Rotate|Update|Invoke/);
  expect(texts['anthropic-keys-prod-operator']).not.toContain('anthropic-keys-prod-admin');
  expect(texts['anthropic-keys-prod-responder']).toContain('anthropic-keys-prod-admin:orders');
});

function lambdas(): Resource[] {
  return Object.values(resourcesOf(prod())).filter(({ Type }) => Type === 'AWS::Lambda::Function');
}

/** In place of the values that CloudFormation fills in. */
/** A text with references to the partition's suffix. */
const filledIn = (value: unknown) =>
  (value as { 'Fn::Join': ['', (string | { Ref: 'AWS::URLSuffix' })[]] })['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : 'suffix-of-the-partition'))
    .join('');

const literal = (value: unknown) => (typeof value === 'string' ? value : 'arn:filled-in');
