import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DAY } from '../../../lib/domain/time';
import { embeddedAws } from './embedded-aws';

const embedded = embeddedAws();
const logs = () => embedded.client(CloudWatchLogsClient);
const GROUP = '/aws/events/prod/1';

/** Puts an event, and gives its id. */
async function put(detail: object, source = 'ours'): Promise<string> {
  const entry = { Source: source, DetailType: 'Something', Detail: JSON.stringify(detail) };
  const { Entries } = await embedded
    .client(EventBridgeClient)
    .send(new PutEventsCommand({ Entries: [entry] }));
  return Entries![0]!.EventId!;
}

const written = async () => {
  const { events } = await logs().send(new FilterLogEventsCommand({ logGroupName: GROUP }));
  return events!.map(({ message }) => JSON.parse(message!));
};

beforeEach(() => {
  embedded.aws.logs.createGroup(GROUP, 30);
  embedded.aws.events.addRule({
    bus: 'default',
    pattern: { source: ['ours'], account: ['111122223333'], detail: { environment: ['prod'] } },
    deliver: (event) => embedded.aws.logs.write(GROUP, event),
  });
});

test('a rule writes the whole event into its log group, and only what its pattern names', async () => {
  const id = await put({ environment: 'prod', n: 1 });
  await put({ environment: 'dev' });
  await put({ environment: 'prod' }, 'theirs');
  await put({});
  expect(await written()).toEqual([
    {
      version: '0',
      id,
      'detail-type': 'Something',
      source: 'ours',
      account: '111122223333',
      time: '2026-11-21T00:00:00Z',
      region: 'eu-central-1',
      resources: [],
      detail: { environment: 'prod', n: 1 },
    },
  ]);
});

test('log groups are found by a prefix, with what they keep', async () => {
  embedded.aws.logs.createGroup('/aws/events/prod-eu/1', 400);
  const find = (logGroupNamePrefix: string) =>
    logs().send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
  expect((await find('/aws/events/prod/')).logGroups).toMatchObject([
    { logGroupName: GROUP, retentionInDays: 30, creationTime: embedded.clock.now().getTime() },
  ]);
  expect((await find('/aws/events/')).logGroups).toHaveLength(2);
  expect((await find('/aws/lambda/')).logGroups).toEqual([]);
});

test('events come in pages, the oldest first, and those past the retention are gone', async () => {
  for (const n of [1, 2, 3]) {
    await put({ environment: 'prod', n });
    embedded.clock.advance(DAY);
  }
  const page = (nextToken?: string) =>
    logs().send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2, nextToken }));
  const first = await page();
  expect(first.events).toHaveLength(2);
  expect((await page(first.nextToken)).events).toHaveLength(1);
  embedded.clock.advance(28.5 * DAY);
  expect((await written()).map(({ detail }) => detail.n)).toEqual([3]);
});

test('a log group that does not exist is not found', async () => {
  await expect(logs().send(new FilterLogEventsCommand({ logGroupName: '/none' }))).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException' }),
  );
});
