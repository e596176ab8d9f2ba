import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { METRIC } from '../../lib/domain/metrics';
import { clientConfig } from '../../local/aws';
import { TestKey } from './test-key';

const MAILBOX = 'platform@example.com';
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:siem';

let testKey: TestKey;
afterEach(() => testKey.close());

const topicArn = () => testKey.sandbox.environment('prod').deployment.subscriptions[0]!.topicArn;

/** Subscribes a queue, as a team that watches everything does. */
async function subscribeQueue(filter: object = {}): Promise<void> {
  const { aws } = testKey.sandbox;
  aws.sqs.createQueue('siem');
  await new SNSClient(clientConfig(aws, 'siem-team')).send(
    new SubscribeCommand({
      TopicArn: topicArn(),
      Protocol: 'sqs',
      Endpoint: QUEUE,
      Attributes: { FilterPolicy: JSON.stringify(filter) },
    }),
  );
}

const delivered = (endpoint: string, kind: string) =>
  testKey.sandbox.aws.sns.delivered.filter(
    (one) => one.endpoint === endpoint && one.attributes.kind?.StringValue === kind,
  );
const events = (type: string) =>
  testKey.sandbox.aws.events.received.filter((event) => event.detailType === type);

test.each([
  ['a queue whose filter lets nothing through', { severity: ['critical'] }, 0],
  ['a queue that gets everything', {}, 1],
])(
  'a reminder is not heard by %s: it comes to the mailbox once that confirms',
  async (_, filter, inQueue) => {
    testKey = await TestKey.build({ listens: false });
    await subscribeQueue(filter);
    await testKey.promoteFirstKey();
    await testKey.after(77 * 24);
    await testKey.report();
    await testKey.days(1, 6);
    expect(events('Key Due')).toHaveLength(0);
    await testKey.after(2);
    expect(delivered(QUEUE, 'due')).toHaveLength(inQueue);
    expect(events('Key Due')).toHaveLength(1);
    expect(testKey.sandbox.environment('prod').telemetry.total(METRIC.nobodyListens)).toBeGreaterThan(0);
    // The link in the first confirmation mail has long expired.
    testKey.sandbox.aws.sns.subscribeEmail(topicArn(), MAILBOX);
    testKey.sandbox.aws.sns.confirm(MAILBOX);
    await testKey.days(1, 6);
    expect(testKey.told.filter((kind) => kind === 'due')).toEqual(['due']);
  },
);

test('machines and the mailbox get one notice under one id', async () => {
  testKey = await TestKey.build({ listens: false });
  await subscribeQueue();
  await testKey.promoteFirstKey();
  testKey.sandbox.aws.sns.confirm(MAILBOX);
  await testKey.after(1);
  const [first, second] = delivered(QUEUE, 'rotated').map(({ body }) => JSON.parse(body) as { id: string });
  expect(second!.id).toBe(first!.id);
  expect(testKey.mails.at(-1)!.body).toContain(first!.id);
});

test('an old key keeps its label until somebody hears that it is dead', async () => {
  testKey = await TestKey.build();
  const old = await testKey.promoteFirstKey();
  await testKey.submit(testKey.newKey());
  await subscribeQueue();
  testKey.sandbox.aws.sns.unsubscribe(MAILBOX);
  testKey.sandbox.anthropic.disable(old);
  await testKey.days(2, 6);
  expect(delivered(QUEUE, 'rotation-complete')).toHaveLength(1);
  expect(testKey.retiring).toHaveLength(1);
});
