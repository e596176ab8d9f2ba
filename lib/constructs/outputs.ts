import { createHash } from 'node:crypto';
import { CfnOutput, type Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { sharedName } from '../contract/names';
import { awsConsole } from '../domain/wording/commands';
import type { KeyRotation } from './key-rotation';
import type { ManagedKey } from './managed-key';

/** Outputs of an environment's first stack. Their names are part of the interface: docs/deploy.md lists them. */
export function environmentOutputs(stack: Stack, environment: string, rotation: KeyRotation): void {
  const { reader, operator, responder, readerRole } = rotation.people;
  output(stack, 'TopicArn', 'Where notices are published', rotation.topic.topicArn);
  output(stack, 'ReaderPolicyArn', reader.description, reader.managedPolicyArn);
  output(stack, 'OperatorPolicyArn', operator.description, operator.managedPolicyArn);
  output(stack, 'ResponderPolicyArn', responder.description, responder.managedPolicyArn);
  if (readerRole) output(stack, 'ReaderRoleArn', 'The role of readers, for readAs', readerRole.roleArn);
  output(stack, 'EvidenceLogGroup', 'The log group that keeps every event', rotation.evidenceLogGroupName);
  output(stack, 'DashboardUrl', 'The dashboard of this environment', dashboardUrl(stack, environment));
}

/** One output for the secret of each key, such as `SecretArnApiGateway`. */
export function keyOutputs(stack: Stack, environment: string, keys: readonly ManagedKey[]): void {
  for (const { service, secretArn } of keys)
    output(stack, `SecretArn${outputName(service)}`, `The secret of ${environment}/${service}`, secretArn);
}

function output(scope: Construct, name: string, description: string, value: string): void {
  new CfnOutput(scope, `Output${name}`, { description, value }).overrideLogicalId(name);
}

/** `api-gateway` as `ApiGateway`. Only a dash before a digit would get lost so: `v-2` is no `v2`. */
function outputName(service: string): string {
  const words = service.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());
  const distinct = createHash('sha256').update(service).digest('hex').slice(0, 8);
  return /-\d/.test(service) ? `${words}${distinct}` : words;
}

function dashboardUrl({ region }: Stack, environment: string): string {
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  const host = awsConsole(partition ?? '') ?? awsConsole('aws');
  return `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${sharedName(environment)}`;
}
