import { z } from 'zod';
import { AwsError } from '../aws-error';
import { type Operations, operation } from '../operation';
import { parseFilterPolicy } from './filter-policy';
import { attributeShape, type PublishInput } from './message';
import type { Subscription, Topics } from './topics';

const arn = z.string().min(1);
const stringMap = z.record(z.string(), z.string());
const onTopic = z.strictObject({ TopicArn: arn });
const publish = z.strictObject({
  TopicArn: arn,
  Subject: z.string().optional(),
  Message: z.string(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), attributeShape).default({}),
});
const PAGE = 100;

/** The API of the embedded SNS, as far as it is called. */
export function topicOperations(
  topics: Topics,
  send: (topicArn: string, input: PublishInput) => string,
): Operations {
  return {
    CreateTopic: operation(
      z.strictObject({
        Name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
        Attributes: stringMap.optional(),
        Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
      }),
      (input) => ({
        TopicArn: topics.create(
          input.Name,
          input.Attributes,
          Object.fromEntries(input.Tags.map((tag) => [tag.Key, tag.Value])),
        ).arn,
      }),
    ),
    DeleteTopic: operation(onTopic, (input) => {
      topics.delete(input.TopicArn);
      return {};
    }),
    GetTopicAttributes: operation(onTopic, (input) => {
      const topic = topics.get(input.TopicArn);
      const confirmed = topic.subscriptions.filter((one) => one.confirmed).length;
      return {
        Attributes: new Map([
          ['TopicArn', topic.arn],
          ...Object.entries(topic.attributes),
          ['SubscriptionsConfirmed', String(confirmed)],
          ['SubscriptionsPending', String(topic.subscriptions.length - confirmed)],
          ['SubscriptionsDeleted', String(topic.deletedSubscriptions)],
        ]),
      };
    }),
    Subscribe: operation(
      z.strictObject({
        TopicArn: arn,
        Protocol: z.enum(['email', 'email-json', 'http', 'https', 'sqs', 'lambda']),
        Endpoint: z.string().min(1),
        Attributes: stringMap.default({}),
        ReturnSubscriptionArn: z.stringbool().default(false),
      }),
      (input) => {
        const subscription = topics.subscribe(input.TopicArn, {
          protocol: input.Protocol,
          endpoint: input.Endpoint,
          ...settings(input.Attributes),
        });
        const shown = subscription.confirmed || input.ReturnSubscriptionArn;
        return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' };
      },
    ),
    Unsubscribe: operation(z.strictObject({ SubscriptionArn: arn }), (input) => {
      topics.unsubscribe(input.SubscriptionArn);
      return {};
    }),
    ListSubscriptionsByTopic: operation(
      z.strictObject({ TopicArn: arn, NextToken: z.string().optional() }),
      (input) => {
        const { subscriptions } = topics.get(input.TopicArn);
        const start = Number(input.NextToken ?? 0);
        const end = start + PAGE;
        return {
          Subscriptions: subscriptions.slice(start, end).map(row),
          NextToken: end < subscriptions.length ? String(end) : undefined,
        };
      },
    ),
    Publish: operation(publish, ({ TopicArn, ...input }) => ({ MessageId: send(TopicArn, input) })),
  };
}

function row(subscription: Subscription): object {
  return {
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    Owner: subscription.topicArn.split(':')[4],
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  };
}

function settings(attributes: Record<string, string>) {
  const { FilterPolicy: policy, FilterPolicyScope: scope = 'MessageAttributes' } = attributes;
  if (scope !== 'MessageAttributes') {
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: FilterPolicyScope ${scope} is not supported here.`,
    );
  }
  return { filterPolicy: policy === undefined ? undefined : parseFilterPolicy(policy), attributes };
}
