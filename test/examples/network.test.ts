import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { ROOT } from '../root';
import { synthesiseExamples } from './synthesised';

const templatesOf = (app: string) => synthesiseExamples([app]).get(app)!.templates;
const { Keys: template } = templatesOf('network/app.ts') as { readonly Keys: Template };
const functions = Object.values(template.findResources('AWS::Lambda::Function'));

test('there is no way to the internet, and an endpoint for everything that the functions call', () => {
  for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway'])
    expect(template.findResources(type)).toEqual({});
  const [, named] = /interface endpoints\s+(.*?)\.\n/s.exec(
    readFileSync(join(ROOT, 'docs/network-and-encryption.md'), 'utf8'),
  )!;
  const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
    Properties.ServiceName.split('.').at(-1),
  );
  expect(endpoints.sort()).toEqual([...named!.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort());
});

test('every function is in the VPC, and calls Anthropic through the proxy', () => {
  expect(functions).toHaveLength(3);
  for (const { Properties } of functions) {
    expect(Properties.VpcConfig.SubnetIds).toHaveLength(2);
    expect(Properties.Environment.Variables).toMatchObject({
      HTTPS_PROXY: 'https://proxy.acme.io:3128',
      NODE_USE_ENV_PROXY: '1',
    });
  }
});

test('the security group lets out to the proxy and to the endpoints, and to nobody else', () => {
  const [[group, { Properties }] = ['', { Properties: {} }]] = Object.entries(
    template.findResources('AWS::EC2::SecurityGroup'),
  ).filter(([id]) => id.startsWith('Functions'));
  expect(Properties.SecurityGroupEgress).toEqual([
    expect.objectContaining({ CidrIp: '10.20.0.0/24', FromPort: 3128, ToPort: 3128 }),
  ]);
  const others = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress'));
  expect(others).toHaveLength(6);
  for (const { Properties: egress } of others) {
    expect(egress.GroupId).toEqual({ 'Fn::GetAtt': [group, 'GroupId'] });
    expect(egress).toMatchObject({ FromPort: 443, ToPort: 443, DestinationSecurityGroupId: {} });
  }
});

test('one KMS key encrypts secret, topic and queue, admits alarms, and outlives the stack', () => {
  const [[id, key] = []] = Object.entries(template.findResources('AWS::KMS::Key'));
  const arn = { 'Fn::GetAtt': [id, 'Arn'] };
  template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
  template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
  template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
  expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(JSON.stringify(key!.Properties.KeyPolicy)).toContain('cloudwatch.amazonaws.com');
  template.hasResourceProperties('AWS::KMS::Alias', {
    AliasName: Match.stringLikeRegexp('^alias/anthropic-keys-'),
  });
});
