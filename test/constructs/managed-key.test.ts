import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { policyFromTags } from '../../lib/contract/policy-tags';
import type { KeyRotationStack } from '../../lib/stacks';
import { checkedEvery, everything, smallest } from './fleets';
import { resourcesOf, stacksOf, templateOf } from './synthesis';

const ofType = (template: Template, type: string) =>
  Object.entries(resourcesOf(template)).filter(([, resource]) => resource.Type === type);

test('the deployed value of a secret never changes, or CloudFormation would overwrite every live key', () => {
  const secrets = ofType(templateOf(smallest), 'AWS::SecretsManager::Secret');
  expect(secrets.map(([, { Properties }]) => Properties.SecretString)).toEqual(['{"ANTHROPIC_API_KEY":""}']);
  expect(secrets[0]?.[1].Properties).not.toHaveProperty('GenerateSecretString');
});

test('logical ids of a key depend on its name alone and never change', () => {
  const ids = Object.keys(resourcesOf(templateOf(smallest))).filter((id) => /AnthropicProd/.test(id));
  expect(ids.sort()).toEqual([
    'CheckAnthropicProdApiGatewayb85f3647',
    'KeyAnthropicProdApiGatewayb85f3647',
    'RotationAnthropicProdApiGatewayb85f3647',
  ]);
});

test('a secret outlives its stack, and a failed create does not block its own retry', () => {
  templateOf(smallest).hasResource('AWS::SecretsManager::Secret', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { Name: 'anthropic/prod/api-gateway' },
  });
});

test('the tags of a secret hold its complete policy', () => {
  const [secret] = ofType(templateOf(everything, 'AnthropicKeys-dev'), 'AWS::SecretsManager::Secret');
  const written = secret![1].Properties.Tags as { Key: string; Value: string }[];
  const tags = Object.fromEntries(written.map(({ Key, Value }) => [Key, Value]));
  expect(policyFromTags(tags)).toMatchObject({
    key: { environment: 'dev', service: 'playground', owner: 'research@acme.io' },
    policy: { maxAgeDays: 180, allowLongAge: 'Only reaches a sandbox', checkEvery: 'rate(30 minutes)' },
  });
});

test('rotation waits for its function, its role and its permission, and does not rotate on deployment', () => {
  const template = templateOf(smallest);
  const rotation = ofType(template, 'AWS::SecretsManager::RotationSchedule')[0]![1];
  expect(rotation.Properties).toMatchObject({
    RotateImmediatelyOnUpdate: false,
    RotationRules: { AutomaticallyAfterDays: 90 },
  });
  const awaited = rotation.DependsOn?.map((id) => resourcesOf(template)[id]!.Type);
  expect(awaited).toEqual(
    expect.arrayContaining([
      'AWS::Lambda::Permission',
      'AWS::Lambda::Function',
      'AWS::IAM::Role',
      'AWS::IAM::Policy',
    ]),
  );
});

test('each key has its own schedule, with a window, retries and a dead-letter queue', () => {
  templateOf(smallest).hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'api-gateway',
    GroupName: 'anthropic-keys-prod',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    Target: Match.objectLike({
      Input: '{"secretId":"anthropic/prod/api-gateway"}',
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 5 },
      DeadLetterConfig: Match.anyValue(),
    }),
  });
});

test.each([
  ['rate(6 hours)', 15],
  ['rate(5 minutes)', 1],
  ['cron(0 * * * ? *)', 15],
  ['cron(0/5 * * * ? *)', 1],
  ['cron(0,6 9 * * ? *)', 1],
  ['cron(30 5,17 * * ? *)', 15],
])('%s has a window of %i minutes, so that a check does not run into the next', (checkEvery, minutes) => {
  templateOf(checkedEvery(checkEvery)).hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'api-gateway',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes },
  });
});

test('an adopted secret gets schedule, rotation and rule, and neither its value nor its tags are managed', () => {
  const template = templateOf(everything, 'AnthropicKeys-prod');
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy/claude-AbCdEf';
  const names = ofType(template, 'AWS::SecretsManager::Secret').map(([, { Properties }]) => Properties.Name);
  expect(names).toEqual(['anthropic/prod/api-gateway']);
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: arn });
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: Match.objectLike({ Input: JSON.stringify({ secretId: arn }) }),
  });
  expect(JSON.stringify(ofType(template, 'AWS::Events::Rule'))).toContain('"legacy/claude"');
});

test('with listed principals everybody else is denied, except the functions', () => {
  const policies = JSON.stringify(
    ofType(templateOf(everything, 'AnthropicKeys-prod'), 'AWS::SecretsManager::ResourcePolicy'),
  );
  expect(policies).toContain('"Effect":"Deny"');
  expect(policies).toContain('arn:aws:iam::123456789012:role/gateway');
  for (const role of ['prod-check-eu-', 'prod-rotate-eu-', '*-admin-*'])
    expect(policies).toContain(`role/anthropic-keys-${role}`);
});

test('the list of readers outlives its stack, as the live key does', () => {
  templateOf(everything, 'AnthropicKeys-prod').hasResource('AWS::SecretsManager::ResourcePolicy', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('an application can read only the current version, without naming it', () => {
  const [stack] = stacksOf(smallest) as [KeyRotationStack];
  const app = new Role(stack, 'App', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  stack.rotation.key('api-gateway').grantRead(app);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('^App'),
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'secretsmanager:GetSecretValue',
          Condition: {
            StringEqualsIfExists: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
            Null: { 'secretsmanager:VersionId': 'true' },
          },
        }),
      ]),
    },
  });
});

test('asking for a missing key names the existing ones', () => {
  const [stack] = stacksOf(smallest) as [KeyRotationStack];
  expect(() => stack.rotation.key('gateway')).toThrow(
    'No key "gateway" in AnthropicKeys-prod: it has api-gateway.',
  );
});

test('an edit of an adopted secret starts its check, whichever of its names the caller used', () => {
  const rules = ofType(templateOf(everything), 'AWS::Events::Rule');
  const adopted = rules.flatMap(([, { Properties }]) => {
    const [put] = (Properties.EventPattern as EditPattern).detail?.$or ?? [];
    const ids = put?.requestParameters.secretId ?? [];
    return ids.length > 0 && ids.every((id) => typeof id === 'string')
      ? [{ ids, targets: Properties.Targets as Target[] }]
      : [];
  });
  expect(adopted).not.toEqual([]);
  for (const { ids, targets } of adopted) {
    const arn = ids.find((id) => /^arn:.*-[A-Za-z0-9]{6}$/.test(id))!;
    expect(ids).toEqual(expect.arrayContaining([arn, arn.slice(0, -7), arn.split(':')[6]!.slice(0, -7)]));
    expect(targets.map(({ Input }) => Input)).toEqual([JSON.stringify({ secretId: arn })]);
  }
});

type EditPattern = { detail?: { $or: { requestParameters: { secretId: string[] } }[] } };
type Target = { Input?: string };
