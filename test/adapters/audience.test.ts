import { SNSClient } from '@aws-sdk/client-sns';
import { createNoticeBoard } from '../../lib/adapters/sns';
import { renderReport } from '../../lib/domain/notices/report';
import { NotDelivered } from '../../lib/workflows/errors';
import { clientConfig, FAULT, type FakeAws, startFakeAws } from '../../local/aws';
import { VirtualClock } from '../../local/clock';
import { NOW } from '../builders';

describe('the audience of a topic', () => {
  let aws: FakeAws;
  let topicArn: string;
  const board = () => createNoticeBoard(new SNSClient(clientConfig(aws, 'report')), topicArn);

  beforeEach(async () => {
    aws = await startFakeAws({ clock: new VirtualClock(NOW) });
    topicArn = aws.sns.createTopic('anthropic-keys-prod').arn;
  });
  afterEach(() => aws.close());

  it('is read over all pages, including unconfirmed subscriptions', async () => {
    for (let n = 0; n < 101; n++) aws.sns.subscribeEmail(topicArn, `reader-${n}@example.com`);
    aws.sns.confirm('reader-100@example.com');
    const subscriptions = await board().subscriptions();
    expect(subscriptions).toHaveLength(101);
    expect(subscriptions.filter(({ confirmed }) => confirmed)).toEqual([
      { protocol: 'email', endpoint: 'reader-100@example.com', confirmed: true },
    ]);
  });

  it('receives the report unless its filter selects an owner', async () => {
    aws.sns.subscribeEmail(topicArn, 'all@example.com');
    aws.sns.subscribeEmail(topicArn, 'owner@example.com', { owner: ['owner@example.com'] });
    aws.sns.confirm('all@example.com');
    aws.sns.confirm('owner@example.com');
    const fleet = { environment: 'prod', now: NOW, topicArn, rows: [], subscriptions: [], shared: [] };
    const report = renderReport(fleet);
    await board().publishReport(report);
    expect(aws.sns.delivered).toMatchObject([
      { endpoint: 'all@example.com', subject: report.subject, body: report.text },
    ]);
  });

  it('is a NotDelivered error if it cannot be read', async () => {
    aws.faults.on({ service: 'sns', times: Number.POSITIVE_INFINITY }, FAULT.denied);
    await expect(board().subscriptions()).rejects.toThrow(NotDelivered);
  });
});
