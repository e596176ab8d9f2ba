import {
  PublishCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  type Subscription as SnsSubscription,
} from '@aws-sdk/client-sns';
import type { Subscription } from '../domain/notices/audience';
import { renderChat, renderChatReport } from '../domain/notices/chat';
import type { Notice } from '../domain/notices/notice';
import { NotDelivered } from '../workflows/errors';
import type { NoticeBoard } from '../workflows/ports';
import { awsFailure } from './aws-failure';

/** Protocols whose subscribers are machines. */
const MACHINES = ['sqs', 'lambda', 'https', 'http'] as const;

/** The topic behind the port: people get the text, machines the JSON, filter policies the attributes. */
export function createNoticeBoard(
  client: SNSClient,
  topicArn: string,
  options: { readonly chat?: 'amazon-q' } = {},
): NoticeBoard {
  return {
    publish: (notice) =>
      delivering(async () => {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: notice.subject,
            Message: messageFor(notice, options.chat && { https: JSON.stringify(renderChat(notice)) }),
            MessageStructure: 'json',
            MessageAttributes: attributesOf(notice.data),
          }),
        );
      }),
    publishReport: (report) =>
      delivering(async () => {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: report.subject,
            Message: messageFor(report, options.chat && { https: JSON.stringify(renderChatReport(report)) }),
            MessageStructure: 'json',
            MessageAttributes: attributesOf({ environment: report.data.environment, kind: 'report' }),
          }),
        );
      }),
    subscriptions: () =>
      delivering(async () => {
        const subscriptions: Subscription[] = [];
        for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn }))
          subscriptions.push(...(page.Subscriptions ?? []).map(subscription));
        return subscriptions;
      }),
  };
}

/** SNS shows a word instead of an ARN where nobody has confirmed. */
const subscription = ({ Protocol, Endpoint, SubscriptionArn }: SnsSubscription): Subscription => ({
  protocol: Protocol ?? '',
  endpoint: Endpoint ?? '',
  confirmed: SubscriptionArn?.startsWith('arn:') ?? false,
});

/** `instead` replaces what one protocol gets: Amazon Q subscribes over https and drops every other JSON without a word. */
function messageFor(
  notice: Pick<Notice, 'text'> & { readonly data: object },
  instead: { https?: string } = {},
): string {
  const data = JSON.stringify(notice.data);
  const forMachines = Object.fromEntries(MACHINES.map((protocol) => [protocol, data]));
  return JSON.stringify({ default: notice.text, email: notice.text, ...forMachines, ...instead });
}

/** What filter policies of subscriptions go by. */
function attributesOf(data: {
  readonly environment: string;
  readonly kind: string;
  readonly service?: string;
  readonly owner?: string;
  readonly severity?: string;
}) {
  const { environment, service, owner, kind, severity } = data;
  return Object.fromEntries(
    Object.entries({ environment, service, owner, kind, severity }).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, { DataType: 'String', StringValue: text }]],
    ),
  );
}

async function delivering<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new NotDelivered(awsFailure(error).message);
  }
}
