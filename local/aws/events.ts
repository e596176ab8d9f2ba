import { z } from 'zod';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { type Operations, operation } from './operation';

/** An event as a rule's target would receive it. */
export interface BusEvent {
  readonly id: string;
  readonly bus: string;
  readonly at: Date;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

const entry = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default('default'),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
});

/** The embedded EventBridge: takes events in and keeps them in order. */
export class FakeEvents {
  readonly received: BusEvent[] = [];
  readonly operations: Operations;
  readonly #buses = new Set(['default']);

  constructor(private readonly clock: Clock) {
    this.operations = {
      PutEvents: operation(z.strictObject({ Entries: z.array(entry).min(1).max(10) }), (input) => {
        const entries = input.Entries.map((one) => this.#put(one));
        const failed = entries.filter((one) => 'ErrorCode' in one).length;
        return { FailedEntryCount: failed, Entries: entries };
      }),
    };
  }

  createBus(name: string): void {
    this.#buses.add(name);
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
    const id = `event-${this.received.length + 1}`;
    const at = one.Time === undefined ? this.clock.now() : new Date(one.Time * 1000);
    this.received.push({ id, bus, at, source: one.Source, detailType: one.DetailType, detail });
    return { EventId: id };
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
