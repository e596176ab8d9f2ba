import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { refused } from '../secret-at-hand';
import type { Case, ContractWorld } from '../world';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** A topic with one subscribed queue: the only subscriber whose mail any target lets us read. */
async function topicWithQueue({ topics, queues, ...world }: ContractWorld, filterPolicy?: object) {
  const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: world.name('topic') }));
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: world.name('queue') }));
  const { Attributes } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const queueArn = Attributes!.QueueArn!;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ],
  });
  await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await topics.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      ...(filterPolicy && { Attributes: { FilterPolicy: JSON.stringify(filterPolicy) } }),
    }),
  );
  return {
    topicArn: TopicArn!,
    publish: (input: Omit<PublishCommandInput, 'TopicArn'>) =>
      topics.send(new PublishCommand({ TopicArn, ...input } as PublishCommandInput)),
    /** Envelopes in order of arrival, until the message that says `last`. */
    async received(last: string) {
      const seen: { Message: string; Subject?: string; MessageAttributes?: object }[] = [];
      for (let polls = 0; polls < 10 && seen.at(-1)?.Message !== last; polls++) {
        const poll = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 });
        for (const { Body, ReceiptHandle } of (await queues.send(poll)).Messages ?? []) {
          seen.push(JSON.parse(Body!));
          await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
      return seen;
    },
  };
}

/** A policy that must let `passes` through and hold back all of `stays`. */
function filters(sentence: string, rule: unknown, passes: string, stays: readonly string[]): Case {
  return {
    sentence,
    async prove(world) {
      const { publish, received } = await topicWithQueue(world, { owner: [rule] });
      for (const owner of stays) await publish({ Message: owner, MessageAttributes: { owner: text(owner) } });
      await publish({ Message: 'no attribute at all' });
      await publish({ Message: passes, MessageAttributes: { owner: text(passes) } });
      expect((await received(passes)).map(({ Message }) => Message)).toEqual([passes]);
    },
  };
}

/** What SNS does with a notice. */
export const TOPIC_CASES: readonly Case[] = [
  {
    sentence: 'each protocol gets its own text, with subject and attributes',
    async prove(world) {
      const { publish, received } = await topicWithQueue(world);
      await publish({
        Subject: '[prod/api-gateway] Rotate by 2026-12-05 (14 days left)',
        Message: JSON.stringify({ default: 'for everybody', email: 'for people', sqs: '{"for":"machines"}' }),
        MessageStructure: 'json',
        MessageAttributes: { environment: text('prod'), severity: text('warning') },
      });
      expect(await received('{"for":"machines"}')).toEqual([
        expect.objectContaining({
          Type: 'Notification',
          Subject: '[prod/api-gateway] Rotate by 2026-12-05 (14 days left)',
          Message: '{"for":"machines"}',
          MessageAttributes: {
            environment: { Type: 'String', Value: 'prod' },
            severity: { Type: 'String', Value: 'warning' },
          },
        }),
      ]);
    },
  },
  {
    sentence: 'a protocol without a text of its own gets the default',
    async prove(world) {
      const { publish, received } = await topicWithQueue(world);
      await publish({
        Message: JSON.stringify({ default: 'for all', email: 'for people' }),
        MessageStructure: 'json',
      });
      expect((await received('for all')).map(({ Message }) => Message)).toEqual(['for all']);
    },
  },
  filters(
    'a filter policy holds back other values and messages without the attribute',
    'a@example.com',
    'a@example.com',
    ['b@example.com', 'a@example.com.org'],
  ),
  {
    sentence: 'a filter policy may ask for one of several attributes',
    async prove(world) {
      const { publish, received } = await topicWithQueue(world, {
        $or: [{ owner: ['a@example.com'] }, { severity: ['critical'] }],
      });
      const of = (owner: string, severity: string) =>
        publish({
          Message: `${owner} ${severity}`,
          MessageAttributes: { owner: text(owner), severity: text(severity) },
        });
      await of('b@example.com', 'warning');
      await of('a@example.com', 'warning');
      await of('b@example.com', 'critical');
      const messages = (await received('b@example.com critical')).map(({ Message }) => Message);
      expect(messages).toContain('b@example.com critical');
      expect(messages).not.toContain('b@example.com warning');
    },
  },
  filters('a filter policy may name a beginning', { prefix: 'team-' }, 'team-a', ['a-team-', 'tea']),
  filters('a filter policy may name what is not wanted', { 'anything-but': ['x', 'y'] }, 'z', ['x', 'y']),
  ...(
    [
      ['a subject of 101 characters', 'x'.repeat(101)],
      ['a subject with a line break', 'two\nlines'],
    ] as const
  ).map(
    ([what, Subject]): Case => ({
      sentence: `${what} is refused`,
      async prove(world) {
        const { publish } = await topicWithQueue(world);
        await expect(publish({ Subject, Message: 'x' })).rejects.toEqual(
          refused('InvalidParameterException'),
        );
      },
    }),
  ),
  {
    sentence: 'texts per protocol without a default are refused',
    async prove(world) {
      const { publish } = await topicWithQueue(world);
      for (const Message of [JSON.stringify({ email: 'x' }), 'no JSON']) {
        await expect(publish({ Message, MessageStructure: 'json' })).rejects.toEqual(
          refused('InvalidParameterException'),
        );
      }
    },
  },
  {
    sentence: 'an attribute without a value is refused',
    async prove(world) {
      const { publish } = await topicWithQueue(world);
      await expect(publish({ Message: 'x', MessageAttributes: { owner: text('') } })).rejects.toThrow();
    },
  },
  {
    sentence: 'a message above 256 KB is refused',
    async prove(world) {
      const { publish } = await topicWithQueue(world);
      await publish({ Message: 'x'.repeat(256 * 1024) });
      await expect(publish({ Message: 'x'.repeat(256 * 1024 + 1) })).rejects.toEqual(
        refused('InvalidParameterException'),
      );
    },
  },
  {
    sentence: 'a topic counts the subscriptions that are confirmed and those that wait',
    async prove(world) {
      const { topicArn } = await topicWithQueue(world);
      await world.topics.send(
        new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'nobody@example.com' }),
      );
      const { Attributes } = await world.topics.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '1' });
    },
  },
  {
    sentence: 'a subscription that waits for its confirmation is listed without an ARN',
    async prove(world) {
      const { topicArn } = await topicWithQueue(world);
      await world.topics.send(
        new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'nobody@example.com' }),
      );
      const list = new ListSubscriptionsByTopicCommand({ TopicArn: topicArn });
      const { Subscriptions = [] } = await world.topics.send(list);
      const arns = Subscriptions.map(({ Protocol, SubscriptionArn }) => [Protocol, SubscriptionArn]);
      expect(Object.fromEntries(arns)).toEqual({
        sqs: expect.stringMatching(/^arn:/),
        email: 'PendingConfirmation',
      });
    },
  },
  {
    sentence: 'a topic that does not exist is not found',
    async prove(world) {
      const { topicArn } = await topicWithQueue(world);
      const publish = new PublishCommand({ TopicArn: `${topicArn}-nothing`, Message: 'x' });
      await expect(world.topics.send(publish)).rejects.toEqual(refused('NotFoundException'));
    },
  },
];
