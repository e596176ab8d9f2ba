import {
  PublishCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
  type Subscription as SnsSubscription,
} from '@aws-sdk/client-sns';
import type { Subscription } from '../domain/notices/audience';
import { renderChat, renderChatDigest, renderChatReport } from '../domain/notices/chat';
import type { Notice } from '../domain/notices/notice';
import { NotDelivered } from '../workflows/errors';
import type { NoticeBoard } from '../workflows/ports';
import { awsFailure } from './aws-failure';

/** Protocols of machines. */
const MACHINES = ['sqs', 'lambda', 'https', 'http'] as const;

/** People get the text, machines the JSON, and filter policies see the attributes. */
export function createNoticeBoard(
  client: SNSClient,
  topicArn: string,
  options: { readonly chat?: 'amazon-q' } = {},
): NoticeBoard {
  const publish = (message: Publishable, chat: object, attributes: Attributes) =>
    delivering(async () => {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: message.subject,
          Message: messageFor(message, options.chat && { https: JSON.stringify(chat) }),
          MessageStructure: 'json',
          MessageAttributes: attributesOf(attributes),
        }),
      );
    });
  return {
    publish: (notice) => publish(notice, renderChat(notice), notice.data),
    publishDigest: (digest) => publish(digest, renderChatDigest(digest), digest.data),
    publishReport: (report) =>
      publish(report, renderChatReport(report), { environment: report.data.environment, kind: 'report' }),
    subscriptions: () => delivering(() => subscriptionsOf(topicArn, client)),
  };
}

/** All subscriptions of a topic. */
export async function subscriptionsOf(topicArn: string, client: SNSClient): Promise<readonly Subscription[]> {
  const subscriptions: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn }))
    subscriptions.push(...(page.Subscriptions ?? []).map(subscription));
  return subscriptions;
}

/** Until a subscription is confirmed, SNS shows a word instead of its ARN. */
const subscription = ({ Protocol, Endpoint, SubscriptionArn }: SnsSubscription): Subscription => ({
  protocol: Protocol ?? '',
  endpoint: Endpoint ?? '',
  confirmed: SubscriptionArn?.startsWith('arn:') ?? false,
});

type Publishable = Pick<Notice, 'subject' | 'text'> & { readonly data: object };

/** `instead` replaces the message of one protocol: Amazon Q subscribes over https and silently drops any other JSON. */
function messageFor({ text, data: body }: Publishable, instead: { https?: string } = {}): string {
  const data = JSON.stringify(body);
  const forMachines = Object.fromEntries(MACHINES.map((protocol) => [protocol, data]));
  return JSON.stringify({ default: text, email: text, ...forMachines, ...instead });
}

/** For the filter policies of subscriptions. */
type Attributes = Pick<Notice['data'], 'environment'> & {
  readonly kind: string;
  readonly service?: string;
  readonly owner?: string;
  readonly severity?: string;
};

function attributesOf({ environment, service, owner, kind, severity }: Attributes) {
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
