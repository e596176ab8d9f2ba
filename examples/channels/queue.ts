import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface NoticeQueueProps {
  /** Topic of an environment. */
  readonly topic: ITopic;
  /** Gets each notice as the body of an SQS message, JSON of the schema `anthropic-key-rotation/notice/1`. It must take the same `id` twice. */
  readonly handler: IFunction;
}

/** Hands critical notices to a function of yours, and keeps what it could not handle for two weeks. */
export class NoticeQueue extends Construct {
  readonly failed: Queue;

  constructor(scope: Construct, id: string, { topic, handler }: NoticeQueueProps) {
    super(scope, id);
    this.failed = new Queue(this, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Notices', {
      enforceSSL: true,
      visibilityTimeout: Duration.minutes(6),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: 5 },
    });
    topic.addSubscription(
      new SqsSubscription(queue, {
        rawMessageDelivery: true,
        filterPolicy: { severity: SubscriptionFilter.stringFilter({ allowlist: ['critical'] }) },
      }),
    );
    handler.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  }
}
