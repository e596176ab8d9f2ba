import { uuidFrom } from '../../../lib/cli/submit/submission-token';
import type { Clock } from '../../../lib/workflows/ports';
import { lengthOf } from '../../snapshot';
import type { Operations } from '../operation';
import { envelope } from './envelope';
import { type FilterPolicy, passes } from './filter-policy';
import { type PublishInput, textPerProtocol } from './message';
import { topicOperations } from './operations';
import { type Delivery, type Subscription, type Topic, Topics } from './topics';

export type { Delivery, Subscription, Topic } from './topics';

/** The embedded SNS: its API, and what its subscribers see and do. */
export class FakeSns {
  readonly operations: Operations;
  /** Everything that reached a subscriber, in order. */
  readonly delivered: Delivery[] = [];
  readonly #topics: Topics;
  readonly #listeners: ((delivery: Delivery) => void)[] = [];
  #published = 0;

  constructor(
    private readonly clock: Clock,
    region: string,
    accountId: string,
    private readonly toQueue: (queueArn: string, body: string) => void,
  ) {
    this.#topics = new Topics(clock, `arn:aws:sns:${region}:${accountId}:`);
    this.operations = topicOperations(this.#topics, (arn, input) => this.#publish(arn, input));
  }

  createTopic(name: string): Topic {
    return this.#topics.create(name);
  }

  /** Subscribes an e-mail address; its owner still has to `confirm`. */
  subscribeEmail(topicArn: string, address: string, filterPolicy?: FilterPolicy): Subscription {
    return this.#topics.subscribe(topicArn, { protocol: 'email', endpoint: address, filterPolicy });
  }

  subscriptions(): readonly Subscription[] {
    return this.#topics.subscriptions();
  }

  /** The owner of an address clicks the link in each confirmation mail that waits. Returns how many there were. */
  confirm(endpoint: string): number {
    const waiting = this.subscriptions().filter((one) => one.endpoint === endpoint && !one.confirmed);
    for (const one of waiting) one.confirmed = true;
    return waiting.length;
  }

  /** The owner of an address, or whoever got the mail forwarded, clicks "unsubscribe". */
  unsubscribe(endpoint: string): number {
    const had = this.subscriptions().filter((one) => one.endpoint === endpoint && one.confirmed);
    for (const one of had) this.#topics.unsubscribe(one.arn);
    return had.length;
  }

  /** What one subscriber received, oldest first. */
  inbox(endpoint: string): readonly Delivery[] {
    return this.delivered.filter((delivery) => delivery.endpoint === endpoint);
  }

  /** Remembers what was delivered. Returns what forgets the rest. */
  snapshot(): () => void {
    return lengthOf(this.delivered);
  }

  onDelivery(listener: (delivery: Delivery) => void): void {
    this.#listeners.push(listener);
  }

  #publish(topicArn: string, input: PublishInput): string {
    const topic = this.#topics.get(topicArn);
    const textFor = textPerProtocol(input);
    const messageId = uuidFrom(`${topicArn}/message/${++this.#published}`);
    for (const subscription of topic.subscriptions) {
      const { protocol, endpoint } = subscription;
      if (!subscription.confirmed || !passes(subscription.filterPolicy, input.MessageAttributes)) continue;
      const delivery: Delivery = {
        at: this.clock.now(),
        topicArn,
        messageId,
        protocol,
        endpoint,
        subject: input.Subject,
        body: textFor(protocol),
        attributes: input.MessageAttributes,
      };
      this.delivered.push(delivery);
      if (protocol === 'sqs') this.toQueue(endpoint, envelope(delivery, subscription));
      for (const listener of this.#listeners) listener(delivery);
    }
    return messageId;
  }
}
