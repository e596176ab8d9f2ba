import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CheckNow } from '../../examples/channels/check-now';
import { Slack } from '../../examples/channels/slack';
import { Teams } from '../../examples/channels/teams';
import { functionName } from '../../lib/contract/names';
import { statementsOf, synthesised, TOPIC, topicIn } from './synthesised';

const checks = { 'check-api-gateway': 'anthropic/prod/api-gateway' };

const ofCheck = (suffix: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      `:lambda:eu-central-1:111122223333:function:${functionName('prod', 'check')}${suffix}`,
    ],
  ],
});
const RELAY = { 'Fn::GetAtt': [expect.stringContaining('Relay'), 'Arn'] };

describe.each([
  [
    'Slack',
    'AWS::Chatbot::SlackChannelConfiguration',
    (stack: Stack) =>
      new Slack(stack, 'Slack', {
        environment: 'prod',
        topic: topicIn(stack),
        workspaceId: 'T0EXAMPLE',
        channelId: 'C0EXAMPLE',
        checks,
      }),
  ],
  [
    'Teams',
    'AWS::Chatbot::MicrosoftTeamsChannelConfiguration',
    (stack: Stack) =>
      new Teams(stack, 'Teams', {
        environment: 'prod',
        topic: topicIn(stack),
        teamId: '00000000-0000-0000-0000-000000000001',
        tenantId: '00000000-0000-0000-0000-000000000002',
        channelId: '19%3Aexample%40thread.tacv2',
        checks,
      }),
  ],
] as const)('%s', (_, type, build) => {
  const template = synthesised(build);

  test('hears the topic, and is held to one policy', () => {
    template.hasResourceProperties(type, {
      SnsTopicArns: [TOPIC],
      GuardrailPolicies: [{ Ref: Match.stringLikeRegexp('CheckNow') }],
      CustomizationResourceArns: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('check'), 'CustomActionArn'] }],
    });
  });

  test('may invoke the relay and nothing else, and the relay the check of one environment', () => {
    expect(statementsOf(template)).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [ofCheck(''), ofCheck(':*')] },
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: [RELAY, { 'Fn::Join': ['', [RELAY, ':*']] }],
      },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'chatbot.amazonaws.com' } }] },
    });
  });
});

const checkNow = (buttons: boolean) =>
  synthesised((stack) => new CheckNow(stack, 'CheckNow', { environment: 'prod', checks, buttons }));

test.each([
  [false, Match.absent()],
  [true, [{ NotificationType: 'Custom', ButtonText: 'check-api-gateway' }]],
])('a chat checks a key by its alias; with buttons: %s', (buttons, attachments) => {
  const said = [
    'lambda invoke --function-name ',
    { Ref: Match.stringLikeRegexp('Relay') },
    ' --region eu-central-1 --payload {"secretId":"anthropic/prod/api-gateway"}',
  ];
  checkNow(buttons).hasResourceProperties('AWS::Chatbot::CustomAction', {
    AliasName: 'check-api-gateway',
    Attachments: attachments,
    Definition: { CommandText: { 'Fn::Join': ['', said] } },
  });
});

describe('the relay between a chat and the check', () => {
  const [{ Properties }] = Object.values(checkNow(false).findResources('AWS::Lambda::Function')) as [
    { Properties: { Code: { ZipFile: string }; Environment: { Variables: Record<string, string> } } },
  ];
  const invoked: object[] = [];

  /** Runs the deployed text, with a client that only notes down what it is asked. */
  async function relay(event: object): Promise<unknown> {
    const InvokeCommand = class {
      constructor(readonly input: object) {}
    };
    const LambdaClient = class {
      async send({ input }: { input: object }) {
        invoked.push(input);
      }
    };
    const exported: { handler?: (event: object) => Promise<unknown> } = {};
    const load = new Function('require', 'exports', 'process', Properties.Code.ZipFile);
    load(() => ({ InvokeCommand, LambdaClient }), exported, { env: Properties.Environment.Variables });
    return exported.handler!(event);
  }
  beforeEach(() => invoked.splice(0));

  test('passes on the name of a listed secret, and no command', async () => {
    const command = { verb: 'retire-now' };
    expect(await relay({ secretId: 'anthropic/prod/api-gateway', command })).toContain('was started');
    expect(invoked).toEqual([
      {
        FunctionName: functionName('prod', 'check'),
        InvocationType: 'Event',
        Payload: '{"secretId":"anthropic/prod/api-gateway"}',
      },
    ]);
  });

  test('refuses any other secret', async () => {
    await expect(relay({ secretId: 'anthropic/prod/billing' })).rejects.toThrow('not listed');
    expect(invoked).toEqual([]);
  });
});
