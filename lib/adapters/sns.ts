import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../domain/notice';
import { NotDelivered } from '../workflows/errors';
import type { NoticeBoard } from '../workflows/ports';
import { awsFailure } from './aws-failure';

/** Protocols whose subscribers are machines. */
const MACHINES = ['sqs', 'lambda', 'https', 'http'] as const;

/** The topic behind the port: people get the text, machines the JSON, filter policies the attributes. */
export function createNoticeBoard(client: SNSClient, topicArn: string): NoticeBoard {
  return {
    listeners: () =>
      delivering(async () => {
        const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
        return Number(Attributes?.SubscriptionsConfirmed ?? 0);
      }),
    publish: (notice) =>
      delivering(async () => {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: notice.subject,
            Message: messageFor(notice),
            MessageStructure: 'json',
            MessageAttributes: attributesOf(notice),
          }),
        );
      }),
  };
}

function messageFor(notice: Notice): string {
  const data = JSON.stringify(notice.data);
  const forMachines = Object.fromEntries(MACHINES.map((protocol) => [protocol, data]));
  return JSON.stringify({ default: notice.text, email: notice.text, ...forMachines });
}

function attributesOf({ data }: Notice) {
  const { environment, service, owner, kind, severity } = data;
  return Object.fromEntries(
    Object.entries({ environment, service, owner, kind, severity }).map(([name, text]) => [
      name,
      { DataType: 'String', StringValue: text },
    ]),
  );
}

async function delivering<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new NotDelivered(awsFailure(error).message);
  }
}
