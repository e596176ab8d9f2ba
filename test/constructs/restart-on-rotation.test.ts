import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  type DeploymentController,
  FargateService,
  FargateTaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { RestartOnRotation, type RestartOnRotationProps } from '../../lib';
import { loadFleet } from '../../lib/config/load';
import { KeySet } from '../../lib/constructs/key-set';
import { smallest } from './fleets';
import { appWithoutBundles, resourcesOf, templateOf } from './synthesis';

const ACCOUNT = '111122223333';
const GATEWAY = `arn:aws:ecs:eu-central-1:${ACCOUNT}:service/prod/gateway`;
const ELSEWHERE = 'arn:aws:ecs:us-east-1:444455556666:service/prod/gateway';
const ROLE = 'arn:aws:iam::444455556666:role/RestartGateway';

const place = { env: { account: ACCOUNT, region: 'eu-central-1' } };

const newStack = (app = appWithoutBundles(), id = 'Gateway') => new Stack(app, id, place);

function restart(
  props: Partial<RestartOnRotationProps>,
  stack = newStack(),
  id = 'Restart',
): RestartOnRotation {
  const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'default');
  return new RestartOnRotation(stack, id, {
    key: { environment: 'prod', service: 'api-gateway', eventBus },
    ...props,
  });
}

function aService(stack: Stack, deploymentController?: DeploymentController): FargateService {
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-central-1a'],
    privateSubnetIds: ['subnet-1'],
  });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('app', { image: ContainerImage.fromRegistry('example') });
  return new FargateService(stack, 'Service', { cluster, taskDefinition, deploymentController });
}

test('the rule and the function have one name, by which checks find them', () => {
  const stack = newStack();
  restart({ servicesByArn: [{ serviceArn: GATEWAY }], consumerName: 'gateway' }, stack);
  const template = Template.fromStack(stack);
  const name = Match.stringLikeRegexp('^anthropic-keys-prod-restart-[0-9a-f]{8}_[0-9a-f]{7}$');
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: name,
    Environment: {
      Variables: {
        RESTART_ENVIRONMENT: 'prod',
        RESTART_SERVICE: 'api-gateway',
        RESTART_SERVICES: JSON.stringify([{ arn: GATEWAY }]),
        RESTART_MARGIN_SECONDS: '60',
      },
    },
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: name,
    Description: 'Restarts gateway after a change of the Anthropic key prod/api-gateway',
    EventBusName: 'default',
    EventPattern: {
      source: ['anthropic-key-rotation'],
      'detail-type': ['Key Promoted', 'Key Rolled Back'],
      detail: { environment: ['prod'], service: ['api-gateway'] },
    },
  });
  const SourceArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^RestartRule'), 'Arn'] };
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn,
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Sid: 'Rule', Condition: { ArnEquals: { 'aws:SourceArn': SourceArn } } }),
      ]),
    },
  });
});

test('names and descriptions fit into what AWS allows, however long those of environment, service and consumer are', () => {
  const stack = newStack();
  const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'default');
  const key = { environment: 'e'.repeat(24), service: 's'.repeat(40), eventBus };
  const servicesByArn = [{ serviceArn: GATEWAY }];
  new RestartOnRotation(stack, 'Restart', { key, servicesByArn, consumerName: 'c'.repeat(120) });
  const [one] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(one!.Properties.Name).toHaveLength(64);
  const [its] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(its!.Properties.FunctionName).toHaveLength(64);
  // Of a rule AWS allows 512.
  expect(its!.Properties.Description.length).toBeLessThanOrEqual(256);
  expect(one!.Properties.Description).toBe(its!.Properties.Description);
});

test('a service of the app is restarted by its ARN, and nothing else may be', () => {
  const stack = newStack();
  restart({ services: [aService(stack)] }, stack);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Sid: 'Services',
          Effect: 'Allow',
          Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
          Resource: { Ref: Match.stringLikeRegexp('^Service') },
        },
        Match.objectLike({
          Sid: 'Tasks',
          Action: ['ecs:ListTasks', 'ecs:DescribeTasks'],
          Resource: '*',
          Condition: { ArnEquals: { 'ecs:cluster': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('a service of another account is reached by its role alone', () => {
  const stack = newStack();
  restart({ servicesByArn: [{ serviceArn: ELSEWHERE, roleArn: ROLE }] }, stack);
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies).toContain(
    `{"Action":"sts:AssumeRole","Effect":"Allow","Resource":"${ROLE}","Sid":"OtherAccounts"}`,
  );
  expect(policies).not.toContain('ecs:');
});

test('what fails to the end is kept, and an alarm says so if there is a topic for it', () => {
  const stack = newStack();
  restart({ servicesByArn: [{ serviceArn: GATEWAY }], alarmTopic: new Topic(stack, 'Alarms') }, stack);
  const template = Template.fromStack(stack);
  const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^RestartFailures'), 'Arn'] };
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    Targets: [Match.objectLike({ DeadLetterConfig: { Arn: queue } })],
  });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test('a target of one’s own gets the changes, with no function of ours', () => {
  const stack = newStack();
  const target = new SqsQueue(new Queue(stack, 'Mine'));
  const made = restart({ targets: [target] }, stack);
  expect(made.function).toBeUndefined();
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 0);
  template.resourceCountIs('AWS::Events::Rule', 1);
});

test.each(['CODE_DEPLOY', 'EXTERNAL'] as const)(
  'a service under %s is refused by its name when the app is synthesised',
  (type) => {
    const app = appWithoutBundles();
    const stack = newStack(app);
    const service = aService(stack);
    restart({ services: [service] }, stack);
    // Whoever writes it later is seen, too.
    const resource = service.node.findChild('Service') as unknown as { deploymentController: object };
    resource.deploymentController = { type };
    expect(() => app.synth()).toThrow(
      `Gateway/Service is deployed by ${type}, so RestartOnRotation cannot restart it`,
    );
  },
);

test.each<[string, Partial<RestartOnRotationProps>, string]>([
  ['nothing to restart', {}, 'it restarts nothing: expected services, servicesByArn or targets'],
  [
    'an ARN of something else',
    { servicesByArn: [{ serviceArn: ROLE }] },
    'expected the ARN of an ECS service with its cluster',
  ],
  [
    'an ARN without a cluster',
    { servicesByArn: [{ serviceArn: `arn:aws:ecs:eu-central-1:${ACCOUNT}:service/x` }] },
    'service/x": expected the ARN of an ECS service with its cluster',
  ],
  [
    'another account without a role',
    { servicesByArn: [{ serviceArn: ELSEWHERE }] },
    `expected a service of account ${ACCOUNT}, or a role of account 444455556666 to assume`,
  ],
  [
    'a role that is none',
    { servicesByArn: [{ serviceArn: ELSEWHERE, roleArn: 'admin' }] },
    'its roleArn is "admin": expected the ARN of an IAM role',
  ],
  [
    'a role of a third account',
    { servicesByArn: [{ serviceArn: GATEWAY, roleArn: ROLE }] },
    `its roleArn is "${ROLE}": expected a role of account ${ACCOUNT}, which the service belongs to`,
  ],
  [
    'a long margin',
    { servicesByArn: [{ serviceArn: GATEWAY }], margin: Duration.hours(1) },
    'expected at most 5 minutes',
  ],
  [
    'a log that CloudWatch cannot keep so long',
    { servicesByArn: [{ serviceArn: GATEWAY }], logRetention: Duration.days(42) },
    'logRetention is 42 days: expected one of 1, 3, 5, 7',
  ],
  [
    'a name with a line break',
    { servicesByArn: [{ serviceArn: GATEWAY }], consumerName: 'a\nb' },
    'its consumerName, by default its id, is "a\\nb"',
  ],
  [
    'too many services',
    { servicesByArn: Array.from({ length: 16 }, () => ({ serviceArn: GATEWAY })) },
    'expected at most 15',
  ],
])('%s is refused', (_, props, says) => {
  expect(() => restart(props)).toThrow(says);
});

test('an id that people could not be told is refused, unless there is a name', () => {
  const servicesByArn = [{ serviceArn: GATEWAY }];
  const id = 'Neustart für alle';
  expect(() => restart({ servicesByArn }, newStack(), id)).toThrow(
    'its consumerName, by default its id, is "Neustart für alle": expected at most 120 letters',
  );
  expect(() => restart({ servicesByArn, consumerName: 'gateway' }, newStack(), id)).not.toThrow();
});

test('a stack in another region than the environment is refused', () => {
  const app = appWithoutBundles();
  const home = new Stack(app, 'Home', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  const eventBus = EventBus.fromEventBusName(home, 'Bus', 'default');
  const key = { environment: 'prod', service: 'api-gateway', eventBus };
  expect(
    () => new RestartOnRotation(newStack(app), 'Restart', { key, servicesByArn: [{ serviceArn: GATEWAY }] }),
  ).toThrow('expected the stack in the place of prod');
});

describe('the keys of a stack', () => {
  const consumers = (names: readonly string[]) =>
    names.map((name) => ({
      kind: 'ecs' as const,
      name,
      refresh: 'restart' as const,
      service: `arn:aws:ecs:eu-central-1:${ACCOUNT}:service/prod/${name.replace(/\W/g, '-')}`,
    }));

  function templateWith(names: readonly string[]): Template {
    const { fleet } = loadFleet(smallest, 'keys.yaml');
    const [key] = fleet!.environments[0]!.keys;
    const stack = newStack();
    const keys = [{ ...key!, consumers: consumers(names) }];
    const eventBus = EventBus.fromEventBusName(stack, 'Bus', 'keys');
    new KeySet(stack, 'Keys', { environment: 'prod', home: {}, eventBus, keys });
    return Template.fromStack(stack);
  }

  const idsOf = (template: Template) =>
    Object.keys(resourcesOf(template))
      .filter((id) => id.includes('Restart'))
      .sort();

  test('restart the ECS services that their consumers name, by one rule on the bus of the environment', () => {
    const template = templateWith(['gateway', 'worker']);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'keys',
      Description: 'Restarts gateway, worker after a change of the Anthropic key prod/api-gateway',
    });
    expect(idsOf(template).length).toBeGreaterThan(5);
  });

  test('restart one with whatever name the fleet file allows', () => {
    expect(idsOf(templateWith(['n'.repeat(100), 'a@b.c', '9/_.-'])).length).toBeGreaterThan(5);
  });

  test('give it ids that depend on the key alone', () => {
    expect(idsOf(templateWith(['gateway']))).toEqual(idsOf(templateWith(['worker', 'gateway'])));
  });

  test('make nothing where no consumer names a service', () => {
    expect(idsOf(templateOf(smallest))).toEqual([]);
  });
});
