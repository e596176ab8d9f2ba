import { KeyRotation } from 'anthropic-key-rotation';
import { App, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PagerDuty } from './pagerduty';
import { Slack } from './slack';

const app = new App();
const stack = new Stack(app, 'Keys', { env: { account: '444455556666', region: 'eu-central-1' } });
const environment = 'prod';

/** A topic of one's own, to which other things may publish, too. */
const topic = new Topic(stack, 'Topic', { enforceSSL: true });
// Its policy is yours. Without this, alarms would be dropped silently.
topic.grantPublish(
  new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
  }),
);

const rotation = new KeyRotation(stack, 'AnthropicKeys', {
  environment,
  alerts: ['platform@acme.io', 'on-call@acme.io'],
  home: { workspaceId: 'wrkspc_prod' },
  topic,
  chat: 'amazon-q',
  keys: [
    { service: 'gateway', owner: 'gateway@acme.io', consumers: [{ kind: 'ecs', name: 'prod/gateway' }] },
  ],
});

new Slack(stack, 'Slack', {
  environment,
  topic: rotation.topic,
  workspaceId: 'T0EXAMPLE',
  channelId: 'C0EXAMPLE',
  checks: { 'check-gateway': 'anthropic/prod/gateway' },
});
new PagerDuty(stack, 'PagerDuty', {
  environment,
  integrationKey: Secret.fromSecretNameV2(stack, 'IntegrationKey', 'pagerduty/anthropic-keys'),
});
