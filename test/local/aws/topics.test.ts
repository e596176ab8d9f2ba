import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const DAY = 24 * 3_600_000;
const PEOPLE = 'team@example.com';

const topic = () => embedded.aws.sns.createTopic('notices').arn;
const publish = (input: { Subject?: string; Message: string; MessageStructure?: string }) =>
  embedded.topics.send(new PublishCommand({ TopicArn: topic(), ...input }));
const counts = async () => {
  const { Attributes } = await embedded.topics.send(new GetTopicAttributesCommand({ TopicArn: topic() }));
  return [
    Attributes?.SubscriptionsConfirmed,
    Attributes?.SubscriptionsPending,
    Attributes?.SubscriptionsDeleted,
  ];
};

test('an address receives nothing until its owner confirms', async () => {
  embedded.aws.sns.subscribeEmail(topic(), PEOPLE);
  await publish({ Message: 'too early' });
  expect(await counts()).toEqual(['0', '1', '0']);
  expect(embedded.aws.sns.confirm(PEOPLE)).toBe(1);
  await publish({ Subject: 'Hello', Message: 'in time' });
  expect(await counts()).toEqual(['1', '0', '0']);
  expect(embedded.aws.sns.inbox(PEOPLE)).toEqual([
    expect.objectContaining({
      subject: 'Hello',
      body: 'in time',
      protocol: 'email',
      at: embedded.clock.now(),
    }),
  ]);
});

test('a confirmation that nobody clicked for two days is gone', async () => {
  embedded.aws.sns.subscribeEmail(topic(), PEOPLE);
  embedded.clock.advance(2 * DAY);
  expect(embedded.aws.sns.confirm(PEOPLE)).toBe(0);
  expect(await counts()).toEqual(['0', '0', '0']);
});

test('one click unsubscribes, and the topic counts it', async () => {
  embedded.aws.sns.subscribeEmail(topic(), PEOPLE);
  embedded.aws.sns.confirm(PEOPLE);
  expect(embedded.aws.sns.unsubscribe(PEOPLE)).toBe(1);
  await publish({ Message: 'unheard' });
  expect(embedded.aws.sns.delivered).toEqual([]);
  expect(await counts()).toEqual(['0', '0', '1']);
});

test('people get the text for mail, whatever characters it holds', async () => {
  embedded.aws.sns.subscribeEmail(topic(), PEOPLE);
  embedded.aws.sns.confirm(PEOPLE);
  const email = 'Schlüssel & <key> "now" 100 % + 1\nsecond line; ünïcødé 🔑';
  await publish({ Message: JSON.stringify({ default: 'x', email }), MessageStructure: 'json' });
  expect(embedded.aws.sns.inbox(PEOPLE).map(({ body }) => body)).toEqual([email]);
});

test('a subscription that waits shows no ARN', async () => {
  const { SubscriptionArn } = await embedded.topics.send(
    new SubscribeCommand({ TopicArn: topic(), Protocol: 'email', Endpoint: PEOPLE }),
  );
  expect(SubscriptionArn).toBe('pending confirmation');
  const list = new ListSubscriptionsByTopicCommand({ TopicArn: topic() });
  expect((await embedded.topics.send(list)).Subscriptions).toEqual([
    expect.objectContaining({ SubscriptionArn: 'PendingConfirmation', Endpoint: PEOPLE, Protocol: 'email' }),
  ]);
  embedded.aws.sns.confirm(PEOPLE);
  const [confirmed] = (await embedded.topics.send(list)).Subscriptions!;
  await embedded.topics.send(new UnsubscribeCommand({ SubscriptionArn: confirmed!.SubscriptionArn }));
  expect(await counts()).toEqual(['0', '0', '1']);
});

test('the same address with another filter is refused', async () => {
  const subscribe = (policy: object) =>
    embedded.topics.send(
      new SubscribeCommand({
        TopicArn: topic(),
        Protocol: 'email',
        Endpoint: PEOPLE,
        Attributes: { FilterPolicy: JSON.stringify(policy) },
      }),
    );
  await subscribe({ owner: [PEOPLE] });
  await subscribe({ owner: [PEOPLE] });
  await expect(subscribe({ owner: ['other@example.com'] })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(subscribe({ size: [{ numeric: ['>', 1] }] })).rejects.toThrow('not supported');
});

test('who listens to deliveries sees each as it happens', async () => {
  const seen: string[] = [];
  embedded.aws.sns.onDelivery(({ endpoint, body }) => seen.push(`${endpoint}: ${body}`));
  embedded.aws.sns.subscribeEmail(topic(), PEOPLE);
  embedded.aws.sns.confirm(PEOPLE);
  await publish({ Message: 'now' });
  expect(seen).toEqual([`${PEOPLE}: now`]);
});

test.each(['Schlüssel', ' x', ''])(
  'a subject that some edition of the reference refuses is refused: %j',
  async (Subject) => {
    await expect(publish({ Subject, Message: 'x' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  },
);
