import { z } from 'zod';
import { uuidFrom } from '../../lib/cli/submit/submission-token';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { type EventPattern, matches } from './event-pattern';
import { type Operations, operation } from './operation';
import { FakeRules } from './rules';

/** An event as a rule's target would receive it. */
export interface BusEvent {
  readonly id: string;
  readonly bus: string;
  readonly at: Date;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** A rule of a stage, and the target that gets the whole event, as JSON, where its pattern matches. */
export interface Rule {
  readonly bus: string;
  readonly pattern: EventPattern;
  deliver(event: string): void;
}

const entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default('default'),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
});

/** The embedded EventBridge: takes events in, keeps them in order, and hands them to the targets of rules at once. */
export class FakeEvents {
  readonly received: BusEvent[] = [];
  readonly operations: Operations;
  readonly #buses = new Set(['default']);
  readonly #rules: Rule[] = [];
  readonly #made: FakeRules;

  /** `invoke`: hands an event to a function, asynchronously. */
  constructor(
    private readonly clock: Clock,
    private readonly place: { readonly accountId: string; readonly region: string },
    invoke: (functionArn: string, event: string) => void,
  ) {
    this.#made = new FakeRules(place, invoke, (bus) => this.#buses.has(bus));
    this.operations = {
      ...this.#made.operations,
      PutEvents: operation(z.strictObject({ Entries: z.array(entry).min(1).max(10) }), (input) => {
        const entries = input.Entries.map((one) => this.#put(one));
        const failed = entries.filter((one) => 'ErrorCode' in one).length;
        return { FailedEntryCount: failed, Entries: entries };
      }),
    };
  }

  /** Adds a rule; its bus exists from then on. */
  addRule(rule: Rule): void {
    this.#buses.add(rule.bus);
    this.#rules.push(rule);
  }

  /** One bad entry fails by itself: the call succeeds and says so in the answer. */
  #put(one: z.output<typeof entry>): object {
    const bus = one.EventBusName.replace(/^arn:.*:event-bus\//, '');
    if (!one.Source || !one.DetailType || one.Detail === undefined) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: 'Parameter Source, DetailType or Detail is not valid.',
      };
    }
    if (one.Source.startsWith('aws.')) {
      throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
    }
    const detail = parseDetail(one.Detail);
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    if (!this.#buses.has(bus)) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
    }
    const id = uuidFrom(`${this.place.accountId}/event/${this.received.length + 1}`);
    const at = one.Time === undefined ? this.clock.now() : new Date(one.Time * 1000);
    const event = { id, bus, at, source: one.Source, detailType: one.DetailType, detail };
    this.received.push(event);
    this.#deliver(event);
    return { EventId: id };
  }

  #deliver({ bus, id, at, source, detailType, detail }: BusEvent): void {
    const { accountId: account, region } = this.place;
    const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
    const head = { version: '0', id, 'detail-type': detailType, source, account, time, region };
    const event = { ...head, resources: [], detail };
    for (const rule of this.#rules)
      if (rule.bus === bus && matches(rule.pattern, event)) rule.deliver(JSON.stringify(event));
    this.#made.deliver(bus, event);
  }
}

function parseDetail(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
