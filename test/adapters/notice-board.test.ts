import { SubscribeCommand } from '@aws-sdk/client-sns';
import { createNoticeBoard } from '../../lib/adapters/sns';
import { NOTICE_SCHEMA, type Notice } from '../../lib/domain/notices/notice';
import { renderReport } from '../../lib/domain/notices/report';
import type { NoticeBoard } from '../../lib/workflows/ports';
import { FAULT } from '../../local/aws';
import { NOW } from '../builders';
import { keyText } from '../keys';
import { embeddedAws } from '../local/aws/embedded-aws';

const embedded = embeddedAws();
const TEAM = 'team-api@example.com';
const OTHERS = 'team-web@example.com';
let board: NoticeBoard;
let topicArn: string;

beforeEach(() => {
  topicArn = embedded.aws.sns.createTopic('anthropic-keys-prod').arn;
  board = createNoticeBoard(embedded.topics, topicArn);
});

const notice = (text = 'What is true.\n\n1. What to do.\n'): Notice => {
  const subject = '[prod/api-gateway] Rotate by 2026-12-05 (14 days left)';
  const about = { id: 'n-1', kind: 'due', severity: 'warning', subject } as const;
  return {
    ...about,
    text,
    brief: { fact: 'The key is due.', steps: [] },
    data: {
      ...about,
      schema: NOTICE_SCHEMA,
      at: '2026-11-21T00:00:00.000Z',
      environment: 'prod',
      service: 'api-gateway',
      owner: TEAM,
      secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-gateway-AbCdEf',
      details: { daysLeft: 14 },
    },
  };
};

const subscribe = (address: string, filter?: Record<string, readonly string[]>) => {
  embedded.aws.sns.subscribeEmail(topicArn, address, filter);
  embedded.aws.sns.confirm(address);
};

test('people get the plain text', async () => {
  subscribe(TEAM);
  await board.publish(notice('Umlaute: äöü · … “quotes” & <tags>\n'));
  expect(embedded.aws.sns.inbox(TEAM)).toEqual([
    expect.objectContaining({
      subject: '[prod/api-gateway] Rotate by 2026-12-05 (14 days left)',
      body: 'Umlaute: äöü · … “quotes” & <tags>\n',
    }),
  ]);
});

test('machines get the JSON of the notice', async () => {
  const queue = embedded.aws.sqs.createQueue('notices');
  await embedded.aws.sns.operations.Subscribe!(
    { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queue.arn },
    { accessKeyId: 'test' },
  );
  await board.publish(notice());
  expect(embedded.aws.sns.inbox(queue.arn).map(({ body }) => JSON.parse(body))).toEqual([notice().data]);
});

test('an owner gets their own notices, by the attributes', async () => {
  subscribe(TEAM, { owner: [TEAM] });
  subscribe(OTHERS, { owner: [OTHERS] });
  await board.publish(notice());
  expect(embedded.aws.sns.delivered.map(({ endpoint }) => endpoint)).toEqual([TEAM]);
  const { attributes } = embedded.aws.sns.delivered[0]!;
  const values = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]);
  expect(Object.fromEntries(values)).toEqual({
    environment: 'prod',
    service: 'api-gateway',
    owner: TEAM,
    kind: 'due',
    severity: 'warning',
  });
});

test('a chat channel gets its own format, and nobody else notices', async () => {
  const endpoint = 'https://chat.example.com/';
  await embedded.topics.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'https', Endpoint: endpoint }),
  );
  embedded.aws.sns.confirm(endpoint);
  const received = () => JSON.parse(embedded.aws.sns.inbox(endpoint).at(-1)!.body);
  await board.publish(notice());
  expect(received()).toMatchObject({ schema: NOTICE_SCHEMA });
  await createNoticeBoard(embedded.topics, topicArn, { chat: 'amazon-q' }).publish(notice());
  expect(received()).toMatchObject({ version: '1.0', source: 'custom', id: notice().id });
  const fleet = { environment: 'prod', now: NOW, topicArn, rows: [], subscriptions: [], shared: [] };
  await createNoticeBoard(embedded.topics, topicArn, { chat: 'amazon-q' }).publishReport(renderReport(fleet));
  expect(received()).toMatchObject({ version: '1.0', source: 'custom', id: renderReport(fleet).id });
});

test.each(['denied', 'throttled', 'unavailable', 'lost'] as const)(
  'a publish that is %s is not delivered',
  async (fault) => {
    embedded.aws.faults.on({ times: Number.POSITIVE_INFINITY }, FAULT[fault]);
    await expect(board.publish(notice())).rejects.toMatchObject({ name: 'NotDelivered' });
    await expect(board.subscriptions()).rejects.toMatchObject({ name: 'NotDelivered' });
  },
);

test('a refusal by SNS is a NotDelivered error without a key', async () => {
  const key = keyText('leaked');
  embedded.aws.faults.on({}, { kind: 'error', code: 'InvalidParameter', message: `Not this: ${key}` });
  const refusal = await board.publish(notice()).catch((error: Error) => error);
  expect(refusal).toMatchObject({ name: 'NotDelivered', message: expect.stringContaining('Not this') });
  expect(String(refusal)).not.toContain(key);
});
