import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import { type KeyReference, KeyRotation, ManagedKey } from '../../lib';
import { stackIn as placedStack } from './other-app';
import { appWithoutBundles, resourcesOf } from './synthesis';

const stackIn = () => new Stack(appWithoutBundles(), 'Reader');
const gateway: KeyReference = { environment: 'prod', service: 'gateway' };

test('a key of another app has the names of the deployed one', () => {
  const deployed = new KeyRotation(stackIn(), 'Keys', {
    environment: 'prod',
    alerts: ['platform@acme.io'],
    home: {},
    keys: [{ service: 'gateway', owner: 'gateway@acme.io' }],
  }).key('gateway');
  const key = ManagedKey.fromService(stackIn(), 'Key', gateway);
  for (const name of ['environment', 'service', 'secretName'] as const)
    expect(key[name]).toBe(deployed[name]);
  expect(key.secretName).toBe('anthropic/prod/gateway');
  expect(key.eventBus.eventBusName).toBe(deployed.eventBus.eventBusName);
});

test('it is found in the account and region of its reader, and nothing is looked up or created', () => {
  const app = appWithoutBundles();
  const stack = new Stack(app, 'Reader');
  const key = ManagedKey.fromService(stack, 'Key', gateway);
  key.grantRead(new Role(stack, 'App', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'secretsmanager:GetSecretValue',
          Resource: {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':secretsmanager:',
                { Ref: 'AWS::Region' },
                ':',
                { Ref: 'AWS::AccountId' },
                ':secret:anthropic/prod/gateway-??????',
              ],
            ],
          },
        }),
      ]),
    },
  });
  expect(Object.values(resourcesOf(template)).map(({ Type }) => Type)).toEqual([
    'AWS::IAM::Role',
    'AWS::IAM::Policy',
  ]);
  expect(app.synth().manifest.missing ?? []).toEqual([]);
});

test.each<[props: Partial<KeyReference>, says: string]>([
  [{ environment: 'Prod' }, 'environment is "Prod": expected a name of lower-case letters'],
  [{ service: 'api_gateway' }, 'service is "api_gateway": expected a name of lower-case letters'],
  [{ environment: undefined }, 'environment is undefined: expected a name of lower-case letters'],
  [{ eventBusName: '' }, 'eventBusName is "": expected the name of an event bus'],
  [{ eventBusName: 'a b' }, 'eventBusName is "a b": expected the name of an event bus'],
  [{ service: '' }, 'service is "": expected'],
  [
    { secretArn: 'anthropic/prod/gateway' },
    'secretArn is "anthropic/prod/gateway": expected the complete ARN',
  ],
  [
    { eventBusName: 'a', eventBus: EventBus.fromEventBusName(stackIn(), 'B', 'a') },
    'eventBus and eventBusName are both given',
  ],
])('%j is refused', (props, says) => {
  expect(() => ManagedKey.fromService(stackIn(), 'Key', { ...gateway, ...props })).toThrow(says);
});

test.each([
  ['eu-central-1', '210987654321'],
  ['us-east-1', '123456789012'],
])('a secret of %s, account %s, is refused where the reader is elsewhere', (region, account) => {
  const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:anthropic/prod/gateway-AbCdEf`;
  expect(() => ManagedKey.fromService(placedStack(), 'Key', { ...gateway, secretArn })).toThrow(
    `secretArn is of ${region}, account ${account}: expected a secret of eu-central-1, account 123456789012`,
  );
});

test('a KMS key that is given as an alias is permitted by that alias, since no policy names a key so', () => {
  const stack = placedStack();
  const encryptionKey = Alias.fromAliasName(stack, 'Alias', 'alias/mine');
  const key = ManagedKey.fromService(stack, 'Key', { ...gateway, encryptionKey });
  key.grantRead(new Role(stack, 'App', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'kms:Decrypt',
          Condition: Match.objectLike({
            'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/mine' },
          }),
          Resource: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':key/\\*$')])] },
        }),
      ]),
    },
  });
});

test.each([
  ['210987654321', 1],
  ['123456789012', 0],
])('a grant to a role of account %s has %d warnings', (account, warnings) => {
  const stack = placedStack();
  const key = ManagedKey.fromService(stack, 'Key', gateway);
  const role = Role.fromRoleArn(stack, 'Theirs', `arn:aws:iam::${account}:role/app`);
  key.grantRead(role);
  key.grantSubmit(role);
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(`account ${account}`));
  expect(found).toHaveLength(warnings);
});

test('a service is no token, because its events name it as text', () => {
  const stack = stackIn();
  const { valueAsString: service } = new CfnParameter(stack, 'Service');
  expect(() => ManagedKey.fromService(stack, 'Key', { environment: 'prod', service })).toThrow(
    'expected a name of lower-case letters',
  );
});

test('the ARN of the secret may be known only at deployment', () => {
  const stack = stackIn();
  const { valueAsString: secretArn } = new CfnParameter(stack, 'Arn');
  const key = ManagedKey.fromService(stack, 'Key', { ...gateway, secretArn });
  expect(stack.resolve(key.secret.secretArn)).toEqual({ Ref: 'Arn' });
  expect(key.secretName).toBe('anthropic/prod/gateway');
});

test('a name that AWS takes for the end of a complete ARN needs the ARN for a container, and for nothing else', () => {
  const stack = stackIn();
  const named = { environment: 'prod', service: 'api-stripe' };
  const key = ManagedKey.fromService(stack, 'Key', named);
  const task = new FargateTaskDefinition(stack, 'Task');
  expect(() => key.ecsSecret()).toThrow(
    'the name anthropic/prod/api-stripe ends in a hyphen and six characters, so AWS takes its ARN without the random ones for a complete ARN: give fromService the secretArn.',
  );
  key.grantRead(task.taskRole).assertSuccess();
  const secretArn =
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-stripe-AbCdEf';
  const complete = ManagedKey.fromService(stack, 'Complete', { ...named, secretArn });
  task.addContainer('app', {
    image: ContainerImage.fromRegistry('acme/gateway'),
    secrets: { ANTHROPIC_API_KEY: complete.ecsSecret() },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Secrets: [{ Name: 'ANTHROPIC_API_KEY', ValueFrom: `${secretArn}:ANTHROPIC_API_KEY::` }],
      }),
    ],
  });
});

test('its rule is in the stack of the reader, on the bus of the environment', () => {
  const stack = stackIn();
  const key = ManagedKey.fromService(stack, 'Key', { ...gateway, eventBusName: 'security' });
  key.onKeyChanged('Changed', { target: new SqsQueue(new Queue(stack, 'Queue')) });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'security',
    EventPattern: {
      source: ['anthropic-key-rotation'],
      'detail-type': ['Key Promoted', 'Key Rolled Back'],
      detail: { environment: ['prod'], service: ['gateway'] },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Queue'), 'Arn'] } })],
  });
});
