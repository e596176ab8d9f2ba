import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './permissions';

/** Keeps for 14 days, over TLS alone, what could not be done. Without a KMS key SQS manages one. */
export function deadLetterQueue(
  scope: Construct,
  id: string,
  { queueName, encryptionKey }: { readonly queueName?: string; readonly encryptionKey?: IKey } = {},
): Queue {
  const queue = new Queue(scope, id, {
    queueName,
    enforceSSL: true,
    encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'This queue is itself where undelivered messages end.');
  return queue;
}
