import { ManagedKey } from 'anthropic-key-rotation';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Gateway');

/** A key that another app deploys to this account and region. */
const key = ManagedKey.fromService(stack, 'Key', { environment: 'prod', service: 'gateway' });

const task = new FargateTaskDefinition(stack, 'Task');
task.addContainer('gateway', {
  image: ContainerImage.fromRegistry('acme/gateway'),
  secrets: { ANTHROPIC_API_KEY: key.ecsSecret() },
});
key.onKeyChanged('KeyChanged', { target: new SqsQueue(new Queue(stack, 'Changes')) });

/** A client of AWS that caches by version id. */
const worker = new Role(stack, 'Worker', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
key.grantReadAnyVersion(worker);

/** A machine that brings new keys, such as one that takes them out of a vault. */
const courier = new Role(stack, 'Courier', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
key.grantSubmit(courier);
