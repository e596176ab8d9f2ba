import { SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  EventField,
  type EventPattern,
  HttpParameter,
  type IEventBus,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as Send } from 'aws-cdk-lib/aws-events-targets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { incidentsOf } from './incidents';

export interface PagerDutyProps {
  readonly environment: string;
  /** Holds the integration key of an Events API v2 integration, and nothing else. */
  readonly integrationKey: ISecret;
  /** @default the account's default bus */
  readonly eventBus?: IEventBus;
  /** @default https://events.pagerduty.com; accounts of the EU region have https://events.eu.pagerduty.com */
  readonly host?: string;
}

/** Opens and closes incidents in PagerDuty. */
export class PagerDuty extends Construct {
  constructor(scope: Construct, id: string, props: PagerDutyProps) {
    super(scope, id);
    const { environment, integrationKey, eventBus, host = 'https://events.pagerduty.com' } = props;
    const connection = new Connection(this, 'Connection', {
      // PagerDuty wants its key in the body, and EventBridge wants some header.
      authorization: Authorization.apiKey('X-Sent-By', SecretValue.unsafePlainText('anthropic-key-rotation')),
      bodyParameters: { routing_key: HttpParameter.fromSecret(integrationKey.secretValue) },
    });
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: `${host}/v2/enqueue`,
    });
    const deadLetterQueue = new Queue(this, 'Undelivered', { enforceSSL: true });
    const send = (name: string, eventPattern: EventPattern, event: object) =>
      new Rule(this, name, { eventBus, eventPattern }).addTarget(
        new Send(destination, { event: RuleTargetInput.fromObject(event), deadLetterQueue }),
      );

    for (const { name, opens, openKey, closes, closeKey } of incidentsOf(environment)) {
      send(`open-${name}`, opens, {
        event_action: 'trigger',
        dedup_key: openKey,
        payload: {
          summary: EventField.fromPath('$.detail.subject'),
          source: EventField.fromPath('$.detail.secretArn'),
          severity: EventField.fromPath('$.detail.severity'),
          timestamp: EventField.fromPath('$.detail.at'),
          component: EventField.fromPath('$.detail.service'),
          class: EventField.fromPath('$.detail.kind'),
          custom_details: {
            notice: EventField.fromPath('$.detail.id'),
            owner: EventField.fromPath('$.detail.owner'),
          },
        },
      });
      for (const [number, pattern] of closes.entries())
        send(`close-${name}-${number + 1}`, pattern, { event_action: 'resolve', dedup_key: closeKey });
    }
  }
}
