import assert from 'node:assert/strict';
import {
  GetAliasCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { functionName, ORDERS_ALIAS, sharedName, undeliveredQueueName } from '../../lib/contract/names';
import type { Account } from '../../local/deploy/account';

/** What has no list of its own, since it is a property of another resource. @throws where it is not as declared */
export async function describeAttachments(account: Account, environment: string): Promise<void> {
  const { lambda, topics } = account;
  const { Topics } = await topics.send(new ListTopicsCommand({}));
  const topic = Topics!
    .map(({ TopicArn }) => TopicArn!)
    .find((arn) => arn.endsWith(`:${sharedName(environment)}`));
  const { Attributes } = await topics.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  assert.match(Attributes!.Policy!, /aws:SecureTransport/);
  assert.ok(Number(Attributes!.SubscriptionsPending) > 0);

  const queue = await describeQueue(account, undeliveredQueueName(environment));
  assert.match(queue.Policy!, /aws:SecureTransport/);

  const check = functionName(environment, 'check');
  const policyOf = async (name: string) =>
    (await lambda.send(new GetPolicyCommand({ FunctionName: name }))).Policy!;
  assert.match(await policyOf(check), /events\.amazonaws\.com/);
  assert.match(await policyOf(functionName(environment, 'rotate')), /secretsmanager\.amazonaws\.com/);
  const failures = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: check }));
  assert.equal(failures.DestinationConfig?.OnFailure?.Destination, queue.QueueArn);
  assert.equal(failures.MaximumRetryAttempts, 2);

  await describeDoor(account, environment);

  const role = ['--role-name', `${check}-${account.region}`];
  const { PolicyNames } = await account.aws<{ PolicyNames: string[] }>('iam', 'list-role-policies', ...role);
  assert.equal(PolicyNames.length, 1);
}

/** Where Admin access is on, its function has a door for orders, to the code that is deployed. */
async function describeDoor({ lambda }: Account, environment: string): Promise<void> {
  const FunctionName = functionName(environment, 'admin');
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  if (!Functions!.some((one) => one.FunctionName === FunctionName)) return;
  const door = await lambda.send(new GetAliasCommand({ FunctionName, Name: ORDERS_ALIAS }));
  assert.equal(door.FunctionVersion, '$LATEST');
}

async function describeQueue({ queues }: Account, name: string) {
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: name }));
  const wanted = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await queues.send(wanted)).Attributes!;
}
