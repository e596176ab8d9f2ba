import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PagerDuty } from './pagerduty';
import { Slack } from './slack';

const app = new App();
/** In the account and region of the environment `prod`, whose topic and bus it uses. */
export const stack = new Stack(app, 'KeyChannels', {
  env: { account: '111122223333', region: 'eu-central-1' },
});
const environment = 'prod';
const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111122223333:anthropic-keys-prod');

new Slack(stack, 'Slack', {
  environment,
  topic,
  workspaceId: 'T0EXAMPLE',
  channelId: 'C0EXAMPLE',
  checks: { 'check-api-gateway': 'anthropic/prod/api-gateway' },
});
new PagerDuty(stack, 'PagerDuty', {
  environment,
  integrationKey: Secret.fromSecretNameV2(stack, 'IntegrationKey', 'pagerduty/anthropic-keys'),
});
