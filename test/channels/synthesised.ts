import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';

/** The template of a stack that holds what is built in it. */
export function synthesised(build: (stack: Stack) => void): Template {
  const stack = new Stack(new App(), 'Channels', {
    env: { account: '111122223333', region: 'eu-central-1' },
  });
  build(stack);
  return Template.fromStack(stack);
}

export const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:anthropic-keys-prod';
export const topicIn = (stack: Stack) => Topic.fromTopicArn(stack, 'Topic', TOPIC);
export const secretIn = (stack: Stack, name: string) => Secret.fromSecretNameV2(stack, name, name);
/** Statements of every policy of a template. */
export const statementsOf = (template: Template) =>
  ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.values(template.findResources(type)).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string; Resource: unknown }[],
    ),
  );
