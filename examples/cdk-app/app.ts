import { KeyRotation, keyPolicy } from 'anthropic-key-rotation';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';

const app = new App();
const stack = new Stack(app, 'Gateway');

/** The environment's keys, as one part of a stack that is about something else. */
const rotation = new KeyRotation(stack, 'AnthropicKeys', {
  environment: 'prod',
  alerts: ['platform@acme.io', 'on-call@acme.io'],
  home: { workspaceId: 'wrkspc_prod' },
  encryption: 'customer-managed',
  keys: [
    {
      service: 'gateway',
      owner: 'gateway@acme.io',
      policy: keyPolicy({ maxAgeDays: 60 }),
      consumers: [{ kind: 'ecs', name: 'prod/gateway' }],
    },
  ],
});

/** The application that uses the key: it may read the current version, and decrypt it. */
const task = new Role(stack, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
rotation.key('gateway').grantRead(task);
rotation.encryptionKey?.grantDecrypt(task);
