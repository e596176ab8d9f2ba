import { uuidFrom } from '../../../lib/cli/submit/submission-token';
import { DAY } from '../../../lib/domain/time';
import type { Clock } from '../../../lib/workflows/ports';
import { AwsError } from '../aws-error';
import type { FilterPolicy } from './filter-policy';
import type { Attributes } from './message';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly since: Date;
  confirmed: boolean;
  filterPolicy: FilterPolicy | undefined;
  attributes: Record<string, string>;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly tags: Record<string, string>;
  readonly subscriptions: Subscription[];
  deletedSubscriptions: number;
}

/** An unconfirmed subscription is forgotten with its link. */
const CONFIRM_WITHIN = 2 * DAY;

/** People and endpoints that have to agree first; queues and functions of the account need not. */
const ASKS_FIRST = new Set(['email', 'email-json', 'http', 'https']);

/** The topics of the embedded SNS and who is subscribed to them. */
export class Topics {
  readonly #topics = new Map<string, Topic>();
  #subscribed = 0;

  constructor(
    private readonly clock: Clock,
    private readonly arnPrefix: string,
  ) {}

  /** Creating again returns the same topic. */
  create(name: string, attributes: Record<string, string> = {}, tags: Record<string, string> = {}): Topic {
    const arn = `${this.arnPrefix}${name}`;
    const topic = this.#topics.get(arn) ?? {
      arn,
      name,
      attributes,
      tags,
      subscriptions: [],
      deletedSubscriptions: 0,
    };
    this.#topics.set(arn, topic);
    return topic;
  }

  delete(arn: string): void {
    this.#topics.delete(arn);
  }

  get(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    const now = this.clock.now().getTime();
    const kept = topic.subscriptions.filter(
      (one) => one.confirmed || now - one.since.getTime() < CONFIRM_WITHIN,
    );
    topic.subscriptions.splice(0, Number.POSITIVE_INFINITY, ...kept);
    return topic;
  }

  all(): readonly Topic[] {
    return [...this.#topics.keys()].map((arn) => this.get(arn));
  }

  subscriptions(): readonly Subscription[] {
    return this.all().flatMap((topic) => topic.subscriptions);
  }

  /** An endpoint that is subscribed again gets the subscription that it has; another filter policy is refused. */
  subscribe(
    topicArn: string,
    to: {
      protocol: string;
      endpoint: string;
      filterPolicy?: FilterPolicy;
      attributes?: Record<string, string>;
    },
  ): Subscription {
    const topic = this.get(topicArn);
    const existing = topic.subscriptions.find(
      (one) => one.protocol === to.protocol && one.endpoint === to.endpoint,
    );
    if (existing) {
      if (JSON.stringify(existing.filterPolicy) === JSON.stringify(to.filterPolicy)) return existing;
      throw new AwsError(
        'InvalidParameter',
        'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
      );
    }
    const subscription: Subscription = {
      arn: `${topicArn}:${uuidFrom(`${topicArn}#${++this.#subscribed}`)}`,
      topicArn,
      protocol: to.protocol,
      endpoint: to.endpoint,
      since: this.clock.now(),
      confirmed: !ASKS_FIRST.has(to.protocol),
      filterPolicy: to.filterPolicy,
      attributes: to.attributes ?? {},
    };
    topic.subscriptions.push(subscription);
    return subscription;
  }

  unsubscribe(subscriptionArn: string): void {
    for (const topic of this.#topics.values()) {
      const at = topic.subscriptions.findIndex((one) => one.arn === subscriptionArn);
      if (at < 0) continue;
      topic.subscriptions.splice(at, 1);
      topic.deletedSubscriptions += 1;
    }
  }
}

/** One message as one subscriber received it: the text is the one of their protocol. */
export interface Delivery {
  readonly at: Date;
  readonly topicArn: string;
  readonly messageId: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly subject?: string;
  readonly body: string;
  readonly attributes: Attributes;
}
