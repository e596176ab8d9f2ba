import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { KeyRotation, RestartOnRotation } from '../../lib';
import { everything, smallest } from './fleets';
import { appWithoutBundles, stacksOf } from './synthesis';

/** Findings of cdk-nag that no construct explains. */
function unexplained(yaml: string): string[] {
  const app = appWithoutBundles();
  return unexplainedIn(app, stacksOf(yaml, app));
}

const unexplainedIn = (app: App, stacks: readonly Stack[]) =>
  stacks.flatMap((stack) => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(stack);
    return violations.flatMap((v) =>
      v.violatingResources.map((where) => `${v.ruleName} ${JSON.stringify(where)}`),
    );
  });

test('cdk-nag finds nothing unexplained in the smallest fleet', () => {
  expect(unexplained(smallest)).toEqual([]);
});

test('cdk-nag finds nothing unexplained in a fleet that uses every option', () => {
  expect(unexplained(everything)).toEqual([]);
});

test('cdk-nag finds nothing unexplained where constructs are given, and in the policy of a reader', () => {
  const app = appWithoutBundles();
  const stack = new Stack(app, 'Mine', { env: { account: '123456789012', region: 'eu-central-1' } });
  const rotation = new KeyRotation(stack, 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d'],
    }),
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
  });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const key = rotation.key('gateway');
  for (const grant of ['grantRead', 'grantReadAnyVersion', 'grantSubmit'] as const) key[grant](reader);
  expect(unexplainedIn(app, [stack])).toEqual([]);
});

test('cdk-nag finds nothing unexplained in what restarts services, here and in another account', () => {
  const app = appWithoutBundles();
  const stack = new Stack(app, 'Gateway', { env: { account: '123456789012', region: 'eu-central-1' } });
  const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'default');
  new RestartOnRotation(stack, 'Restart', {
    key: { environment: 'prod', service: 'gateway', eventBus },
    servicesByArn: [
      { serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/prod/gateway' },
      {
        serviceArn: 'arn:aws:ecs:us-east-1:444455556666:service/prod/gateway',
        roleArn: 'arn:aws:iam::444455556666:role/RestartGateway',
      },
    ],
  });
  expect(unexplainedIn(app, [stack])).toEqual([]);
});
