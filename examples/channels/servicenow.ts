import {
  ApiDestination,
  Authorization,
  Connection,
  EventField,
  type EventPattern,
  type IEventBus,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as Send } from 'aws-cdk-lib/aws-events-targets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { incidentsOf } from './incidents';

export interface ServiceNowProps {
  readonly environment: string;
  /** `https://example.service-now.com`. */
  readonly instance: string;
  /** JSON with `username` and `password` of a user with the role `evt_mgmt_integration`. */
  readonly user: ISecret;
  /** @default the account's default bus */
  readonly eventBus?: IEventBus;
}

/** Opens and clears alerts in ServiceNow Event Management, which makes incidents of them by your alert rules. */
export class ServiceNow extends Construct {
  constructor(scope: Construct, id: string, { environment, instance, user, eventBus }: ServiceNowProps) {
    super(scope, id);
    const connection = new Connection(this, 'Connection', {
      authorization: Authorization.basic(
        user.secretValueFromJson('username').unsafeUnwrap(),
        user.secretValueFromJson('password'),
      ),
    });
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: `${instance}/api/now/table/em_event`,
    });
    const deadLetterQueue = new Queue(this, 'Undelivered', { enforceSSL: true });
    /** Alerts with the same key are one. Severity 1 is critical, 0 clears. */
    const send = (name: string, eventPattern: EventPattern, messageKey: string, severity: '0' | '1') =>
      new Rule(this, name, { eventBus, eventPattern }).addTarget(
        new Send(destination, {
          deadLetterQueue,
          event: RuleTargetInput.fromObject({
            source: 'anthropic-key-rotation',
            event_class: environment,
            node: EventField.fromPath('$.detail.secretArn'),
            resource: EventField.fromPath('$.detail.service'),
            type: EventField.fromPath('$.detail.kind'),
            message_key: messageKey,
            severity,
            description: `${EventField.fromPath('$.detail.subject')} (${EventField.fromPath('$.detail.id')})`,
          }),
        }),
      );

    for (const { name, opens, openKey, closes, closeKey } of incidentsOf(environment)) {
      send(`open-${name}`, opens, openKey, '1');
      for (const [number, pattern] of closes.entries())
        send(`clear-${name}-${number + 1}`, pattern, closeKey, '0');
    }
  }
}
