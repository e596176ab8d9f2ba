import {
  ApiDestination,
  Authorization,
  Connection,
  EventField,
  type IEventBus,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as Send } from 'aws-cdk-lib/aws-events-targets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface JiraProps {
  readonly environment: string;
  /** `https://example.atlassian.net`. */
  readonly site: string;
  /** Key of the project, such as `OPS`. */
  readonly project: string;
  /** JSON with `email` and `token`, an API token of an account that may create issues there. */
  readonly account: ISecret;
  /** The second number of `warnDays`: reminders after it make no further issue. @default 7 */
  readonly remindedAgainAt?: number;
  /** @default the account's default bus */
  readonly eventBus?: IEventBus;
}

/** Opens a task in Jira when a key is to be rotated: with the first reminder, and so once a rotation. */
export class Jira extends Construct {
  constructor(scope: Construct, id: string, props: JiraProps) {
    super(scope, id);
    const { environment, site, project, account, remindedAgainAt = 7, eventBus } = props;
    const connection = new Connection(this, 'Connection', {
      authorization: Authorization.basic(
        account.secretValueFromJson('email').unsafeUnwrap(),
        account.secretValueFromJson('token'),
      ),
    });
    const destination = new ApiDestination(this, 'Destination', {
      connection,
      endpoint: `${site}/rest/api/3/issue`,
    });
    const hint = EventField.fromPath('$.detail.details.current.hint');
    const dueAt = EventField.fromPath('$.detail.details.dueAt');
    const notice = EventField.fromPath('$.detail.id');
    const says = `The API key ${hint} is due on ${dueAt}. The commands are in the mail with notice ${notice}.`;
    const rule = new Rule(this, 'Due', {
      eventBus,
      eventPattern: {
        source: ['anthropic-key-rotation'],
        detailType: ['Key Due'],
        detail: {
          environment: [environment],
          details: { daysLeft: [{ numeric: ['>', remindedAgainAt] }] },
        },
      },
    });
    rule.addTarget(
      new Send(destination, {
        deadLetterQueue: new Queue(this, 'Undelivered', { enforceSSL: true }),
        event: RuleTargetInput.fromObject({
          fields: {
            project: { key: project },
            issuetype: { name: 'Task' },
            summary: EventField.fromPath('$.detail.subject'),
            // By it a second one can be found: an event may come twice.
            labels: ['anthropic-key-rotation', notice],
            description: {
              type: 'doc',
              version: 1,
              content: [{ type: 'paragraph', content: [{ type: 'text', text: says }] }],
            },
          },
        }),
      }),
    );
  }
}
