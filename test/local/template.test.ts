import { readDeployments } from '../../local/deployment';
import { resourcesOf, type Template } from '../../local/template';

const template: Template = {
  account: '123456789012',
  region: 'eu-west-1',
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'notices' } },
    Check: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'anthropic-keys-qa-check',
        Environment: {
          Variables: { ROTATION_ENVIRONMENT: 'qa', ROTATION_TOPIC_ARN: { Ref: 'Topic' } },
        },
      },
    },
    Door: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Check' }, Name: 'orders', FunctionVersion: '$LATEST' },
    },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'search',
        ScheduleExpression: 'rate(1 hour)',
        Target: { Arn: { 'Fn::GetAtt': ['Check', 'Arn'] }, Input: '{"secretId":"anthropic/qa/search"}' },
      },
    },
  },
};

test('references are resolved to what CloudFormation would put there', () => {
  const reading = (value: unknown) =>
    resourcesOf<{ value: unknown }>(
      { ...template, Resources: { ...template.Resources, One: { Type: 'Test', Properties: { value } } } },
      'Test',
    )[0]!.value;
  expect(reading({ Ref: 'Topic' })).toBe('arn:aws:sns:eu-west-1:123456789012:notices');
  expect(reading({ Ref: 'Check' })).toBe('anthropic-keys-qa-check');
  expect(reading({ 'Fn::GetAtt': ['Check', 'Arn'] })).toBe(
    'arn:aws:lambda:eu-west-1:123456789012:function:anthropic-keys-qa-check',
  );
  expect(reading({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] })).toBe('a-123456789012');
  expect(reading([{ deep: { Ref: 'AWS::Partition' } }])).toEqual([{ deep: 'aws' }]);
});

test('a deployment is read from its template, and a further stack of keys joins it', () => {
  const shard: Template = {
    ...template,
    Resources: {
      Key: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          Name: 'anthropic/qa/further',
          SecretString: '{}',
          Tags: [
            { Key: 'anthropic-key:environment', Value: 'qa' },
            { Key: 'anthropic-key:service', Value: 'further' },
          ],
        },
      },
      Rotation: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        Properties: { SecretId: { Ref: 'Key' }, RotationRules: { AutomaticallyAfterDays: 30 } },
      },
    },
  };
  const [deployment, ...others] = readDeployments([template, shard]);
  expect(others).toEqual([]);
  expect(deployment).toMatchObject({
    environment: 'qa',
    account: '123456789012',
    functions: [
      {
        aliases: ['orders'],
        variables: { ROTATION_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:notices' },
      },
    ],
    schedules: [{ functionName: 'anthropic-keys-qa-check', input: { secretId: 'anthropic/qa/search' } }],
    secrets: [{ name: 'anthropic/qa/further', rotationDays: 30 }],
  });
});
