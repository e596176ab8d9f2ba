import { z } from 'zod';
import { uuidFrom } from '../../lib/cli/submit/submission-token';
import { DAY } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { type Operations, operation } from './operation';
import type { RotationNews } from './secrets-manager';

/** How long the event history goes back. */
const KEPT = 90 * DAY;

const lookup = z.strictObject({
  LookupAttributes: z
    .tuple([z.strictObject({ AttributeKey: z.literal('EventName'), AttributeValue: z.string().min(1) })])
    .readonly(),
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});

/** Parameters that CloudTrail never keeps. */
const SECRET = new Set(['SecretString', 'SecretBinary']);

interface Recorded {
  readonly at: Date;
  readonly name: string;
  readonly record: object;
}

/** The embedded CloudTrail: the event history of Secrets Manager, as far as it is about changes. Events are there at once. */
export class FakeCloudTrail {
  readonly operations: Operations;
  readonly #events: Recorded[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly accountId: string,
    private readonly arnOf: (caller: string) => string,
  ) {
    this.operations = { LookupEvents: operation(lookup, (input) => this.#lookUp(input)) };
  }

  /** Records a call that took effect. Calls that only read are left out: nobody here looks them up. */
  called(call: { operation: string; caller: string; params: object }, result: object): void {
    if (/^(Get|List|Describe)/.test(call.operation)) return;
    const { ARN: arn, Name: name, VersionId: versionId } = result as Partial<Record<string, string>>;
    this.#record(call.operation, 'AwsApiCall', {
      userIdentity: {
        type: 'AssumedRole',
        arn: this.arnOf(call.caller),
        accountId: this.accountId,
        accessKeyId: call.caller,
      },
      requestParameters: inCamelCase(call.params),
      responseElements: arn === undefined ? null : { arn, name, versionId },
    });
  }

  /** Records what Secrets Manager reports of itself. */
  reported({ name, secretArn }: RotationNews): void {
    this.#record(name, 'AwsServiceEvent', {
      userIdentity: { accountId: this.accountId, invokedBy: 'secretsmanager.amazonaws.com' },
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: secretArn },
    });
  }

  #record(name: string, eventType: string, more: object): void {
    const at = this.clock.now();
    const record = {
      eventVersion: '1.11',
      eventTime: at.toISOString().replace(/\.\d+Z$/, 'Z'),
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: name,
      eventID: uuidFrom(`${this.accountId}/trail/${this.#events.length + 1}`),
      readOnly: false,
      eventType,
      managementEvent: true,
      recipientAccountId: this.accountId,
      ...more,
    };
    this.#events.push({ at, name, record });
  }

  /** The newest first. */
  #lookUp(input: z.output<typeof lookup>): object {
    const now = this.clock.now().getTime();
    const [from, to] = [input.StartTime ?? (now - KEPT) / 1000, input.EndTime ?? now / 1000];
    if (from > to) throw new AwsError('InvalidTimeRangeException', 'Start time is after the end time.');
    const found = this.#events.filter(
      ({ at, name }) =>
        name === input.LookupAttributes[0].AttributeValue &&
        at.getTime() >= Math.max(from * 1000, now - KEPT) &&
        at.getTime() <= to * 1000,
    );
    const start = Number(input.NextToken ?? 0);
    const end = start + input.MaxResults;
    const page = found.reverse().slice(start, end);
    return {
      Events: page.map(({ at, name, record }) => ({
        EventName: name,
        EventTime: at.getTime() / 1000,
        EventSource: 'secretsmanager.amazonaws.com',
        CloudTrailEvent: JSON.stringify(record),
      })),
      NextToken: end < found.length ? String(end) : undefined,
    };
  }
}

/** As CloudTrail spells parameters, without those that hold a value. */
const inCamelCase = (params: object): object =>
  Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => !SECRET.has(name))
      .map(([name, value]) => [`${name[0]!.toLowerCase()}${name.slice(1)}`, value]),
  );
