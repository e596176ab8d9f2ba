// @ts-check
const { KeyRotation, keyPolicy } = require('anthropic-key-rotation');
const { App, Duration, Stack } = require('aws-cdk-lib');
const { Code, Function: Lambda, Runtime } = require('aws-cdk-lib/aws-lambda');

const app = new App();
const stack = new Stack(app, 'Summaries');

const rotation = new KeyRotation(stack, 'AnthropicKeys', {
  environment: 'dev',
  alerts: ['platform@acme.io'],
  home: {},
  keys: [
    {
      service: 'summaries',
      owner: 'data@acme.io',
      policy: keyPolicy({ maxAge: Duration.days(60) }),
      consumers: [{ kind: 'lambda', name: 'summaries', refresh: 5 }],
    },
  ],
});
const key = rotation.key('summaries');

// It reads the secret when it needs the key, so nobody restarts it. What it looks like inside: docs/consumers.md.
const summaries = new Lambda(stack, 'Function', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => {};'),
  environment: { ANTHROPIC_SECRET_ARN: key.secretArn },
});
key.grantRead(summaries);
