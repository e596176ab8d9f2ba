import { createHash } from 'node:crypto';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { sharedName } from '../contract/names';
import type { Alerts } from '../domain/notices/audience';

export interface NoticeTopicProps {
  readonly environment: string;
  readonly alerts: Alerts;
  /** Mailboxes that receive notices about their own keys. */
  readonly owners: readonly string[];
  /** An existing topic, whose policy is not changed. @default the one of `topicArn` */
  readonly given?: ITopic;
  /** ARN of an existing topic, whose policy is not changed. @default a new topic */
  readonly topicArn?: string;
  /** @default not encrypted: alarms could not publish with the key that AWS manages for SNS */
  readonly encryptionKey?: IKey;
}

/** SNS allows 200 filter policies on a topic; some are left for a team's own subscriptions. */
const MAX_FILTERS = 190;

/** The environment's topic for notices, over TLS only, with one subscription per mailbox. */
export class NoticeTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: NoticeTopicProps) {
    super(scope, id);
    const { given, topicArn } = props;
    this.topic = given ?? (topicArn ? Topic.fromTopicArn(this, 'Topic', topicArn) : this.create(props));
    const filtered = filteredMailboxes(props);
    for (const address of new Set(props.alerts.all)) this.subscribe(address);
    for (const [address, filter] of filtered) this.subscribe(address, filter);
    this.node.addValidation({ validate: () => tooManyFilters(props.environment, filtered.size) });
  }

  private create({ environment, encryptionKey }: NoticeTopicProps): Topic {
    const topic = new Topic(this, 'Topic', {
      topicName: sharedName(environment),
      displayName: `Anthropic keys ${environment}`,
      masterKey: encryptionKey,
      enforceSSL: true,
    });
    // Any statement replaces SNS's default policy, which lets this account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }

  /** One subscription per address, because SNS refuses an endpoint with two filters. Its id depends on the address alone. */
  private subscribe(address: string, filterPolicy?: object): void {
    const id = createHash('sha256').update(address).digest('hex').slice(0, 12);
    new CfnSubscription(this, `Mail${id}`, {
      topicArn: this.topic.topicArn,
      protocol: 'email',
      endpoint: address,
      filterPolicy,
    });
  }
}

const CRITICAL = { severity: ['critical'] };

/** Mailboxes that do not hear everything, with what they hear: owners first, then those for critical notices. */
function filteredMailboxes({ alerts, owners }: NoticeTopicProps): ReadonlyMap<string, object> {
  const hearAll = new Set(alerts.all);
  const filters = new Map<string, object>();
  for (const owner of owners) if (!hearAll.has(owner)) filters.set(owner, { owner: [owner] });
  for (const address of new Set(alerts.critical)) {
    if (hearAll.has(address)) continue;
    const own = filters.get(address);
    filters.set(address, own ? { $or: [own, CRITICAL] } : CRITICAL);
  }
  return filters;
}

const tooManyFilters = (environment: string, filters: number) =>
  filters <= MAX_FILTERS
    ? []
    : [
        `${environment} has ${filters} owners and mailboxes for critical notices besides its alerts, but SNS can filter notices for at most ${MAX_FILTERS}. Let teams share a mailbox, or split the environment.`,
      ];
