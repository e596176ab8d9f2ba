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
  /** ARN of a topic of yours; its policy stays yours. @default a new topic */
  readonly topicArn?: string;
  /** @default the topic is not encrypted: alarms could not publish under the key that AWS manages for SNS */
  readonly encryptionKey?: IKey;
}

/** SNS takes 200 filter policies on a topic, less what a team subscribes by itself. */
const MOST_OWNERS = 190;

/** Where notices go: one topic per environment, over TLS only, with a mailbox per subscription. */
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
    // Adding any statement replaces SNS's default policy, which had allowed alarms of this account to publish.
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

  /** One subscription per address: SNS refuses the same endpoint with two filters. Its id depends on the address alone. */
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
  owners <= MOST_OWNERS
    ? []
    : [
        `${environment} has ${owners} owners besides its alerts, and SNS filters notices for ${MOST_OWNERS} of them at most. Let teams share a mailbox, or split the environment.`,
      ];
