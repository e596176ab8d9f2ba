import { EVENT_SOURCE } from '../contract/names';
import { refusalOf } from '../contract/restart';
import type { ConsumerLook, Freshness } from '../domain/freshness';
import { scrub } from '../domain/key';
import type { KeyIdentity } from '../domain/policy';
import { plus } from '../domain/time';
import type { Clock, EcsService, Log } from './ports';

/** Everything that a function which restarts services may reach. */
export interface RestartPorts {
  readonly key: Pick<KeyIdentity, 'environment' | 'service'>;
  readonly services: readonly EcsService[];
  /** Milliseconds after a change before which nothing that starts counts as fresh: a read may lag behind a write. */
  readonly margin: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers whether each service runs only tasks created after the change, without doing anything. `since`: ISO 8601. */
export interface LookRequest {
  readonly verb: 'look';
  readonly since: string;
}

/** What it answers. Dates are ISO 8601 once it has been sent. */
export interface LookAnswer {
  readonly services: readonly ConsumerLook[];
}

/** What was done about each service. */
export interface RestartAnswer {
  readonly restarted: readonly string[];
}

/** Answers a look, or restarts what is stale after an event of a changed key. @throws Error for any other request */
export async function restart(request: unknown, ports: RestartPorts): Promise<LookAnswer | RestartAnswer> {
  const { verb, since } = (request ?? {}) as Partial<LookRequest>;
  if (verb === 'look') return look(dateOf(since, 'since'), ports);
  return restartStale(changeOf(request, ports), ports);
}

async function look(changed: Date, { services, margin, log }: RestartPorts): Promise<LookAnswer> {
  const since = plus(changed, margin);
  const looks = services.map(async (service) => {
    const found = await freshness(service, since).catch((error: unknown): Freshness => {
      log.warn('Not known whether a service is fresh', { ecsService: service.name, error: String(error) });
      return { state: 'unknown', why: messageOf(error) };
    });
    return { name: service.name, ...found };
  });
  return { services: await Promise.all(looks) };
}

/**
 * A service that was deleted runs nothing. One of which ECS knows nothing was deleted long ago, or its ARN is wrong and another one holds the key. A
 * task without a date may be of any age.
 */
async function freshness(service: EcsService, since: Date): Promise<Freshness> {
  const state = await service.describe();
  if (!state) return { state: 'unknown', why: NO_SUCH_SERVICE };
  if (state.deleted) return { state: 'fresh' };
  return freshnessOf(await service.tasks(), since);
}

function freshnessOf(tasks: Awaited<ReturnType<EcsService['tasks']>>, since: Date): Freshness {
  const dates = tasks.flatMap(({ createdAt }) => createdAt ?? []);
  const old = dates.filter((createdAt) => createdAt < since);
  if (old.length > 0) {
    const oldest = new Date(Math.min(...old.map((createdAt) => createdAt.getTime())));
    return { state: 'stale', tasks: old.length, oldest };
  }
  return dates.length < tasks.length
    ? { state: 'unknown', why: 'ECS did not say when a task was created' }
    : { state: 'fresh' };
}

/**
 * Every service is handled, whatever becomes of the others. It may run again at any moment.
 * @throws Error naming each service that could not be restarted, so that Lambda tries again
 */
async function restartStale(changed: Date, ports: RestartPorts): Promise<RestartAnswer> {
  const { clock, margin, services, log } = ports;
  // An event from the future would make every task stale for ever.
  const since = plus(changed < clock.now() ? changed : clock.now(), margin);
  // What starts now might not count as fresh, and would be restarted again.
  const early = since.getTime() - clock.now().getTime();
  if (early > 0) await clock.sleep(early);
  const done = await Promise.allSettled(services.map((service) => restartOne(service, since, ports)));
  const restarted = services.filter((_, index) => fulfilled(done[index]) === true).map(({ name }) => name);
  const failed = done.flatMap((one) => (one.status === 'rejected' ? [messageOf(one.reason)] : []));
  if (failed.length > 0) {
    log.error('Not everything was restarted', { restarted, failed });
    throw new Error(failed.join(' '));
  }
  return { restarted };
}

const fulfilled = (one: PromiseSettledResult<boolean> | undefined) =>
  one?.status === 'fulfilled' ? one.value : undefined;

/** Whether it was restarted. */
async function restartOne(service: EcsService, since: Date, { log }: RestartPorts): Promise<boolean> {
  const state = await service.describe();
  const leave = (because: string) => {
    log.info('Service left alone', { ecsService: service.name, because, since: since.toISOString() });
    return false;
  };
  if (!state) throw new Error(`ECS service ${service.name}: ${NO_SUCH_SERVICE}.`);
  if (state.deleted) return leave('it was deleted');
  if (state.controller !== 'ECS') throw new Error(refusalOf(`ECS service ${service.name}`, state.controller));
  if (state.draining) return leave('it is being deleted');
  if (freshnessOf(await service.tasks(), since).state === 'fresh') return leave('all tasks are fresh');
  const { createdAt, failed = false } = state.primary ?? {};
  if (createdAt && createdAt >= since && !failed)
    return leave('a deployment of after the change replaces them');
  await service.redeploy();
  log.info('Service restarted', { ecsService: service.name, since: since.toISOString() });
  return true;
}

const NO_SUCH_SERVICE = 'there is no such service: correct its ARN, or take it out of RestartOnRotation';

/**
 * When the key changed, by an event of ours about our key: what the event says of it, which is the same however often it comes, or else when it was
 * written. @throws Error
 */
function changeOf(event: unknown, { key }: RestartPorts): Date {
  const { source, detail } = (event ?? {}) as { source?: unknown; detail?: Record<string, unknown> };
  if (source !== EVENT_SOURCE || !detail)
    throw new Error(`This function takes events of ${EVENT_SOURCE}, or {"verb":"look","since":"…"}.`);
  const { environment, service, at, details } = detail;
  const { changedAt } = (details ?? {}) as { changedAt?: unknown };
  if (environment !== key.environment || service !== key.service)
    throw new Error(
      `The event is about ${String(environment)}/${String(service)}, and this function about ${key.environment}/${key.service}.`,
    );
  return changedAt === undefined ? dateOf(at, 'detail.at') : dateOf(changedAt, 'detail.details.changedAt');
}

function dateOf(value: unknown, name: string): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new Error(`${name} must be a date in ISO 8601, such as 2026-11-21T06:00:00Z.`);
  return date;
}

const messageOf = (error: unknown) => scrub(error instanceof Error ? error.message : String(error));
