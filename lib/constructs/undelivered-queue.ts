import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { undeliveredQueueName } from '../contract/names';
import { acknowledge } from './permissions';

/** The dead-letter queue, for refused invocations and for checks that failed after all retries. docs/runbook.md says how to replay them. */
export function undeliveredQueue(scope: Construct, environment: string, encryptionKey?: IKey): Queue {
  const queue = new Queue(scope, 'Undelivered', {
    queueName: undeliveredQueueName(environment),
    enforceSSL: true,
    encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'This queue is itself where undelivered messages end.');
  return queue;
}
