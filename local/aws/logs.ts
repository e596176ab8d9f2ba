import { z } from 'zod';
import { DAY, plus } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { AwsError } from './aws-error';
import { type Operations, operation } from './operation';

const describe = z.strictObject({
  logGroupNamePrefix: z.string().min(1).max(512).optional(),
  limit: z.int().min(1).max(50).default(50),
  nextToken: z.string().optional(),
});

const filter = z.strictObject({
  logGroupName: z.string().min(1).max(512),
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  limit: z.int().min(1).max(10_000).default(10_000),
  nextToken: z.string().optional(),
});

interface LoggedEvent {
  readonly id: string;
  readonly at: Date;
  readonly message: string;
}

interface LogGroup {
  readonly name: string;
  readonly createdAt: Date;
  readonly retentionDays: number;
  readonly events: LoggedEvent[];
}

/** The embedded CloudWatch Logs: groups that a deployment made, what services wrote into them, and the two calls that read it. */
export class FakeLogs {
  readonly operations: Operations;
  /** Events a page at most: AWS returns fewer than asked for as it likes. */
  largestPage = 10_000;
  readonly #groups = new Map<string, LogGroup>();
  #written = 0;

  constructor(
    private readonly clock: Clock,
    private readonly arnPrefix: string,
  ) {
    this.operations = {
      DescribeLogGroups: operation(describe, (input) => this.#describe(input)),
      FilterLogEvents: operation(filter, (input) => this.#filter(input)),
    };
  }

  /** Creates a log group; one of the same name stays as it is. */
  createGroup(name: string, retentionDays: number): void {
    if (this.#groups.has(name)) return;
    this.#groups.set(name, { name, createdAt: this.clock.now(), retentionDays, events: [] });
  }

  /** Takes in what a service writes. @throws Error if there is no such log group */
  write(name: string, message: string): void {
    const group = this.#groups.get(name);
    if (!group) throw new Error(`There is no log group ${name}.`);
    const id = String(++this.#written).padStart(56, '0');
    group.events.push({ id, at: this.clock.now(), message });
  }

  /** Every message of every log group, in the order in which they were written. */
  messages(): readonly string[] {
    return [...this.#groups.values()]
      .flatMap(({ events }) => events)
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ message }) => message);
  }

  #describe({ logGroupNamePrefix = '', limit, nextToken }: z.output<typeof describe>): object {
    const found = [...this.#groups.values()]
      .filter(({ name }) => name.startsWith(logGroupNamePrefix))
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    const { page, next } = pageOf(found, limit, nextToken);
    return {
      logGroups: page.map(({ name, createdAt, retentionDays }) => ({
        logGroupName: name,
        arn: `${this.arnPrefix}${name}:*`,
        creationTime: createdAt.getTime(),
        retentionInDays: retentionDays,
      })),
      nextToken: next,
    };
  }

  /** The oldest first, without what the retention has removed. */
  #filter(input: z.output<typeof filter>): object {
    const group = this.#groups.get(input.logGroupName);
    if (!group)
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.', 400);
    const kept = plus(this.clock.now(), -group.retentionDays * DAY).getTime();
    const from = Math.max(input.startTime ?? 0, kept);
    const found = group.events.filter(
      ({ at }) => at.getTime() >= from && at.getTime() < (input.endTime ?? Number.POSITIVE_INFINITY),
    );
    const { page, next } = pageOf(found, Math.min(input.limit, this.largestPage), input.nextToken);
    return {
      events: page.map(({ id, at, message }) => ({
        eventId: id,
        logStreamName: 'events',
        timestamp: at.getTime(),
        ingestionTime: at.getTime(),
        message,
      })),
      nextToken: next,
    };
  }
}

function pageOf<Item>(items: readonly Item[], limit: number, token = '0') {
  const end = Number(token) + limit;
  return { page: items.slice(Number(token), end), next: end < items.length ? String(end) : undefined };
}
