import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from './aws-error';
import { type Operations, operation } from './operation';

interface Message {
  readonly id: string;
  readonly body: string;
}

interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  attributes: Record<string, string>;
  readonly messages: Message[];
}

const url = z.strictObject({ QueueUrl: z.string() });
const attributes = z.record(z.string(), z.string()).default({});

/** The embedded SQS: just enough to subscribe a queue to a topic and to read what arrives. */
export class FakeSqs {
  readonly operations: Operations;
  readonly #queues = new Map<string, Queue>();
  #sent = 0;

  constructor(
    private readonly region: string,
    private readonly accountId: string,
  ) {
    this.operations = {
      CreateQueue: operation(
        z.strictObject({ QueueName: z.string().min(1).max(80), Attributes: attributes }),
        (input) => ({
          QueueUrl: this.createQueue(input.QueueName, input.Attributes).url,
        }),
      ),
      DeleteQueue: operation(url, (input) => {
        this.#queues.delete(this.#queue(input.QueueUrl).arn);
        return {};
      }),
      GetQueueAttributes: operation(
        z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) }),
        (input) => {
          const queue = this.#queue(input.QueueUrl);
          const all = {
            ...queue.attributes,
            QueueArn: queue.arn,
            ApproximateNumberOfMessages: String(queue.messages.length),
          };
          const asked = Object.entries(all).filter(([name]) =>
            input.AttributeNames.some((one) => one === name || one === 'All'),
          );
          return { Attributes: Object.fromEntries(asked) };
        },
      ),
      SetQueueAttributes: operation(
        z.strictObject({ QueueUrl: z.string(), Attributes: attributes }),
        (input) => {
          const queue = this.#queue(input.QueueUrl);
          queue.attributes = { ...queue.attributes, ...input.Attributes };
          return {};
        },
      ),
      // A message that is received is gone: nobody here fails between receiving and deleting.
      ReceiveMessage: operation(
        z.strictObject({
          QueueUrl: z.string(),
          MaxNumberOfMessages: z.int().min(1).max(10).default(1),
          WaitTimeSeconds: z.int().optional(),
        }),
        (input) => ({
          Messages: this.#queue(input.QueueUrl)
            .messages.splice(0, input.MaxNumberOfMessages)
            .map(({ id, body }) => ({
              MessageId: id,
              ReceiptHandle: id,
              Body: body,
              MD5OfBody: createHash('md5').update(body).digest('hex'),
            })),
        }),
      ),
      DeleteMessage: operation(
        z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() }),
        () => ({}),
      ),
    };
  }

  createQueue(
    name: string,
    attributes: Record<string, string> = {},
  ): { readonly arn: string; readonly url: string } {
    const arn = `arn:aws:sqs:${this.region}:${this.accountId}:${name}`;
    const queue = this.#queues.get(arn) ?? {
      name,
      arn,
      url: `https://sqs.${this.region}.amazonaws.com/${this.accountId}/${name}`,
      attributes,
      messages: [],
    };
    this.#queues.set(arn, queue);
    return queue;
  }

  /** Puts a message in. A queue that does not exist loses it, as a topic's delivery would be lost. */
  deliver(arn: string, body: string): void {
    this.#queues.get(arn)?.messages.push({ id: `message-${++this.#sent}`, body });
  }

  #queue(queueUrl: string): Queue {
    const queue = [...this.#queues.values()].find((one) => one.url === queueUrl);
    if (queue) return queue;
    throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  }
}
