import type { Template } from 'aws-cdk-lib/assertions';
import { everything, smallest } from './fleets';
import { templateOf } from './synthesis';

const outputsOf = (template: Template) =>
  template.toJSON().Outputs as Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: unknown }>
  >;

test('the first stack has outputs for its environment and for each of its keys, under names that stay', () => {
  const outputs = outputsOf(templateOf(everything, 'AnthropicKeys-prod'));
  expect(Object.keys(outputs).sort()).toEqual([
    'DashboardUrl',
    'EvidenceLogGroup',
    'OperatorPolicyArn',
    'ReaderPolicyArn',
    'ReaderRoleArn',
    'ResponderPolicyArn',
    'SecretArnAdopted',
    'SecretArnApiGateway',
    'TopicArn',
  ]);
  expect(outputs.SecretArnAdopted?.Value).toBe(
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy/claude-AbCdEf',
  );
  expect(outputs.SecretArnApiGateway?.Value).toEqual({ Ref: 'KeyAnthropicProdApiGatewayb85f3647' });
  // An export would tie the stacks of others to ours.
  expect(Object.values(outputs).filter((output) => output.Export !== undefined)).toEqual([]);
});

test('a further stack has an output for each of its keys', () => {
  const outputs = outputsOf(templateOf(everything, 'AnthropicKeys-prod-second'));
  expect(Object.keys(outputs)).toEqual(['SecretArnLateComer']);
});

test('an existing topic is the output, too', () => {
  const { TopicArn } = outputsOf(templateOf(everything, 'AnthropicKeys-dev'));
  expect(TopicArn?.Value).toBe('arn:aws:sns:eu-central-1:123456789012:dev-notices');
});

test.each([
  ['eu-central-1', 'console.aws.amazon.com'],
  ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ['cn-north-1', 'console.amazonaws.cn'],
  ['eusc-de-east-1', 'console.amazonaws-eusc.eu'],
])('in %s the dashboard is at %s', (region, host) => {
  const { DashboardUrl } = outputsOf(
    templateOf(smallest.replace('alerts:', `region: ${region}\n    alerts:`)),
  );
  expect(DashboardUrl?.Value).toBe(
    `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/anthropic-keys-prod`,
  );
});

test('keys whose names differ only in dashes have outputs of their own', () => {
  const keys = ['v2', 'v-2', 'va-2', 'v-a-2', 'va2', 'v-a2'];
  const fleet = smallest.replace(
    / {6}api-gateway.*\n/,
    keys.map((key) => `      ${key}: { owner: a@acme.io }\n`).join(''),
  );
  const secrets = Object.keys(outputsOf(templateOf(fleet))).filter((name) => name.startsWith('SecretArn'));
  expect(secrets).toHaveLength(keys.length);
  expect(secrets).toEqual(expect.arrayContaining(['SecretArnV2', 'SecretArnVa2', 'SecretArnVA2']));
});
