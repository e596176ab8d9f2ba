import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LOG_RETENTION_DAYS } from '../../lib/config/log-retention';
import { smallest } from './fleets';
import { resourcesOf, stacksOf, templateOf } from './synthesis';

const withEnvironment = (lines: string) => smallest.replace('keys:', `${lines}\n    keys:`);
const twoEnvironments = (first = '', second = '') => `
environments:
  prod:
    alerts: [platform@acme.io]${first}
    keys: { api: { owner: gateway@acme.io } }
  dev:
    alerts: [platform@acme.io]${second}
    keys: { api: { owner: gateway@acme.io } }
`;
const policiesOf = (yaml: string) =>
  stacksOf(yaml).flatMap((stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::Logs::ResourcePolicy')).map(
      ({ Properties }) => [stack.stackName, Properties.PolicyName],
    ),
  );

test('every event of the environment, and of no other, is written to a log of its own', () => {
  const template = templateOf(smallest);
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'anthropic-keys-prod-evidence',
    EventBusName: 'default',
    EventPattern: {
      source: ['anthropic-key-rotation'],
      account: [{ Ref: 'AWS::AccountId' }],
      detail: { environment: ['prod'] },
    },
    Targets: [
      Match.objectLike({
        Arn: {
          'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^KeyRotationEvidenceLog') }])],
        },
        DeadLetterConfig: Match.anyValue(),
      }),
    ],
  });
  templateOf(withEnvironment('eventBusName: security')).hasResourceProperties('AWS::Events::Rule', {
    Name: 'anthropic-keys-prod-evidence',
    EventBusName: 'security',
  });
});

test('the log outlives its stack, and its name differs from stack to stack', () => {
  templateOf(smallest).hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      LogGroupName: {
        'Fn::Join': [
          '',
          [
            '/aws/events/anthropic-keys-prod/',
            { 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, Match.anyValue()] }] }] },
          ],
        ],
      },
      RetentionInDays: 400,
    },
  });
});

test('evidence is kept for as long as the file says, in days that CloudWatch Logs knows', () => {
  templateOf(withEnvironment('evidenceRetentionDays: 731')).hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    RetentionInDays: 731,
  });
  const known = Object.values(RetentionDays).filter((days) => typeof days === 'number' && days < 9999);
  expect([...LOG_RETENTION_DAYS]).toEqual([...known].sort((a, b) => Number(a) - Number(b)));
});

test('EventBridge alone may write there, and only for rules of evidence logs', () => {
  const [policy] = Object.values(resourcesOf(templateOf(smallest))).filter(
    ({ Type }) => Type === 'AWS::Logs::ResourcePolicy',
  );
  const [, parts] = (policy!.Properties.PolicyDocument as { 'Fn::Join': [string, (string | object)[]] })[
    'Fn::Join'
  ];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  expect(text.length).toBeLessThan(5120);
  const Principal = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
  const Resource = 'arn:x:logs:x:x:log-group:/aws/events/anthropic-keys-*/*:*';
  expect(JSON.parse(text).Statement).toEqual([
    { Sid: 'Streams', Effect: 'Allow', Action: 'logs:CreateLogStream', Principal, Resource },
    {
      Sid: 'Events',
      Effect: 'Allow',
      Action: 'logs:PutLogEvents',
      Principal,
      Resource,
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:x:events:x:x:rule/*anthropic-keys-*-evidence' } },
    },
  ]);
});

const PROD = ['AnthropicKeys-prod', 'anthropic-keys-prod-evidence'];
const DEV = ['AnthropicKeys-dev', 'anthropic-keys-dev-evidence'];
const US = "\n    region: us-east-1\n    account: '123456789012'";

test.each<[what: string, fleet: string, policies: readonly (readonly string[])[]]>([
  ['the first environment of a place has it for all', twoEnvironments(), [PROD]],
  ['each place has its own', twoEnvironments('', US), [PROD, DEV]],
  ['the file may give it to another environment', twoEnvironments('', '\n    evidencePolicy: here'), [DEV]],
  [
    'or to somebody else',
    twoEnvironments('\n    evidencePolicy: external', '\n    evidencePolicy: external'),
    [],
  ],
])('one policy for an account and region, of which it takes ten: %s', (_, fleet, policies) => {
  expect(policiesOf(fleet)).toEqual(policies);
});

test('an event that cannot be written ends in the queue, from whatever bus it comes', () => {
  templateOf(smallest).hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'Rules',
          Condition: Match.objectLike({
            ArnLike: {
              'aws:SourceArn': Match.arrayWith([
                { 'Fn::Join': ['', Match.arrayWith([':rule/*anthropic-keys-prod-evidence'])] },
              ]),
            },
          }),
        }),
      ]),
    },
  });
});
