import { createHash } from 'node:crypto';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { sharedName } from '../contract/names';

export interface NoticeTopicProps {
  readonly environment: string;
  /** Mailboxes that receive everything. */
  readonly alerts: readonly string[];
  /** Mailboxes that receive notices about their own keys. */
  readonly owners: readonly string[];
  /** ARN of an existing topic, whose policy is not changed. @default a new topic */
  readonly topicArn?: string;
  /** @default not encrypted: alarms could not publish with the key that AWS manages for SNS */
  readonly encryptionKey?: IKey;
}

/** SNS allows 200 filter policies on a topic; some are left for a team's own subscriptions. */
const MAX_OWNERS = 190;

/** The environment's topic for notices, over TLS only, with one subscription per mailbox. */
export class NoticeTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: NoticeTopicProps) {
    super(scope, id);
    this.topic = props.topicArn ? Topic.fromTopicArn(this, 'Topic', props.topicArn) : this.create(props);
    const owners = new Set(props.owners.filter((owner) => !props.alerts.includes(owner)));
    for (const address of new Set(props.alerts)) this.subscribe(address);
    for (const address of owners) this.subscribe(address, { owner: [address] });
    this.node.addValidation({ validate: () => tooManyOwners(props.environment, owners.size) });
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

const tooManyOwners = (environment: string, owners: number) =>
  owners <= MAX_OWNERS
    ? []
    : [
        `${environment} has ${owners} owners besides its alerts, but SNS can filter notices for at most ${MAX_OWNERS}. Let teams share a mailbox, or split the environment.`,
      ];
