import { ManagedKey, RestartOnRotation } from 'anthropic-key-rotation';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Gateway');

/** A key that another app deploys to this account and region. */
const key = ManagedKey.fromService(stack, 'Key', { environment: 'prod', service: 'gateway' });

const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, flowLogs: { all: {} } });
const cluster = new Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED });
const taskDefinition = new FargateTaskDefinition(stack, 'Task');
taskDefinition.addContainer('gateway', {
  image: ContainerImage.fromRegistry('acme/gateway'),
  logging: LogDrivers.awsLogs({ streamPrefix: 'gateway' }),
  // A task reads it once, when it starts.
  secrets: { ANTHROPIC_API_KEY: key.ecsSecret() },
});
/** Without a name: CloudFormation gives one, and the restart finds it. */
const gateway = new FargateService(stack, 'Service', {
  cluster,
  taskDefinition,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

const pager = new Topic(stack, 'Pager', { enforceSSL: true });
// Otherwise its policy, which lets nobody publish, would drop alarms silently.
pager.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));

/** So it is restarted after every change of the key, and the old key works until only new tasks run. */
new RestartOnRotation(stack, 'Restart', {
  key,
  services: [gateway],
  consumerName: 'gateway',
  alarmTopic: pager,
});
