import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { DEFAULT_POLICY, KeyRotation, keyPolicy } from '../../lib';
import { appWithoutBundles } from './synthesis';

test('another CDK app uses the construct with topic and key of its own, whose ARNs are known only at deployment', () => {
  const stack = new Stack(appWithoutBundles(), 'Mine');
  const topic = new Topic(stack, 'Notices');
  const key = new Key(stack, 'Key');
  new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: { workspaceId: 'wrkspc_prod' },
    topicArn: topic.topicArn,
    encryption: key.keyArn,
    keys: [{ service: 'api-gateway', owner: 'gateway@acme.io', policy: keyPolicy({ maxAgeDays: 60 }) }],
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Subscription', {
    TopicArn: { Ref: Match.stringLikeRegexp('^Notices') },
  });
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    Tags: Match.arrayWith([{ Key: 'anthropic-key:max-age-days', Value: '60' }]),
  });
});

test('a policy that is not told otherwise is the documented one', () => {
  expect(keyPolicy({})).toEqual(DEFAULT_POLICY);
});

test('an environment whose account and region are known only at deployment needs no lookup', () => {
  const app = appWithoutBundles();
  const stack = new Stack(app, 'Agnostic');
  new KeyRotation(stack, 'Keys', {
    environment: 'dev',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'playground', owner: 'research@acme.io', policy: DEFAULT_POLICY }],
  });
  const { manifest } = app.synth();
  expect(manifest.missing ?? []).toEqual([]);
});
