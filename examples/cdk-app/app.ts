import { KeyRotation, keyPolicy } from 'anthropic-key-rotation';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Gateway');
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
const pager = new Topic(stack, 'Pager');

/** The environment's keys, as one part of a stack that is about something else. */
const rotation = new KeyRotation(stack, 'AnthropicKeys', {
  environment: 'prod',
  alerts: ['platform@acme.io', 'on-call@acme.io'],
  home: { workspaceId: 'wrkspc_prod' },
  encryption: 'customer-managed',
  alarmTopic: pager,
  vpc,
  keys: [
    {
      service: 'gateway',
      owner: 'gateway@acme.io',
      policy: keyPolicy({ maxAge: Duration.days(60), grace: Duration.hours(72) }),
      consumers: [{ kind: 'ecs', name: 'prod/gateway' }],
    },
    { service: 'batch', owner: 'data@acme.io', consumers: [{ kind: 'lambda', name: 'batch', refresh: 5 }] },
  ],
});
const key = rotation.key('gateway');

/** A container that gets the key as an environment variable. Its execution role reads the live key, and no other version. */
const task = new FargateTaskDefinition(stack, 'Task');
task.addContainer('gateway', {
  image: ContainerImage.fromRegistry('acme/gateway'),
  secrets: { ANTHROPIC_API_KEY: key.ecsSecret() },
});

/** A function that reads the other key at run time. */
const batch = new Role(stack, 'Batch', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
rotation.key('batch').grantRead(batch);

/** Told whenever the live key is another one. */
const changes = new Queue(stack, 'Changes');
key.onKeyChanged('GatewayKeyChanged', { target: new SqsQueue(changes) });
rotation.onEvent('KeyDied', {
  eventPattern: { detailType: ['Key Dead'] },
  target: new SqsQueue(changes),
});

/** An alarm of one's own beside those of the environment. */
const old = new Alarm(stack, 'KeysAreOld', {
  metric: rotation.metricOldestKeyAgeDays(),
  threshold: 80,
  evaluationPeriods: 1,
});
old.addAlarmAction(new SnsAction(pager));
