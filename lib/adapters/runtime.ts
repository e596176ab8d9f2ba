import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { decodeEnv } from '../contract/env';
import type { FunctionRole } from '../contract/names';
import { METRIC } from '../domain/metrics';
import type { Clock, Log, Metrics, Ports } from '../workflows/ports';
import type { Fetch } from './anthropic-client';
import { createKeyProbe } from './anthropic-probe';
import { createLog } from './log';
import { createMetrics } from './metrics';
import { onFirstCall } from './on-first-call';
import type { openOnDemand } from './runtime-on-demand';
import { createSecretStore } from './secrets-manager';
import { withoutKeys } from './thrown';

/** Where a function runs: on Lambda, or in the embedded world. */
export interface Runtime {
  /** Environment variables. */
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Options for every AWS client. @default none: Lambda provides them */
  readonly aws?: object;
  /** For requests to Anthropic. @default the global `fetch` */
  readonly fetch?: Fetch;
  /** @default random UUIDs */
  readonly newToken?: () => string;
  /** From 0 to 1, spreads retries. @default Math.random */
  readonly random?: () => number;
  /** Wraps every port, to record its calls or make them fail. @default nothing */
  readonly around?: Around;
  /** Where logs and metrics go. @default CloudWatch, as structured lines on stdout */
  readonly telemetry?: { readonly log: Log; readonly metrics: Metrics };
}

/** Wraps the port of this name in `Ports`. */
export type Around = <Port extends object>(name: string, port: Port) => Port;

/** The part of Lambda's context that is used. */
export interface Invocation {
  readonly awsRequestId?: string;
  /** Ends with the alias, if one was invoked. */
  readonly invokedFunctionArn?: string;
  getRemainingTimeInMillis?(): number;
}

/** Milliseconds assumed if the context does not tell the remaining time. */
const DEFAULT_REMAINING = 240_000;

/** @throws Error naming every missing variable */
function openPorts(
  runtime: Runtime,
  role: FunctionRole,
  requestId: () => string | undefined,
): Omit<Ports, 'remaining'> {
  const env = decodeEnv(runtime.vars);
  const { clock, random, aws = {}, fetch, newToken = randomUUID, around = (_, port) => port } = runtime;
  const { log, metrics } = runtime.telemetry ?? {
    log: createLog({ service: role, environment: env.environment, clock, requestId }),
    metrics: createMetrics({ namespace: env.metricsNamespace, environment: env.environment }),
  };
  let opened: Promise<ReturnType<typeof openOnDemand>> | undefined;
  // A check that finds all as it was calls none of these, and without their clients its import takes a quarter less.
  const onDemand = () => {
    opened ??= import('./runtime-on-demand.ts').then((each) => each.openOnDemand(aws, env));
    return opened;
  };
  const board = onFirstCall(async () => (await onDemand()).board);
  const bus = onFirstCall(async () => (await onDemand()).bus);
  const consumers = onFirstCall(async () => (await onDemand()).consumers);
  const admin = onFirstCall(async () => (await onDemand()).admin);
  return {
    env,
    clock,
    log,
    metrics,
    newToken,
    store: around('store', createSecretStore(new SecretsManagerClient(aws), clock)),
    probe: around('probe', createKeyProbe({ baseURL: env.anthropicBaseUrl, fetch, clock, random })),
    board: around('board', board),
    bus: around('bus', bus),
    consumers: around('consumers', consumers),
    admin: env.adminFunction ? around('admin', admin) : undefined,
  };
}

/**
 * Makes a Lambda handler of a workflow. Ports are opened once, so that connections are reused between invocations. An error is counted and
 * rethrown, because a function that only logs it would look healthy. Lambda logs it and gives it to the caller, so it must hold no key.
 */
export function createHandler<Event, Answer>(
  runtime: Runtime,
  role: FunctionRole,
  work: (event: Event, ports: Ports, invocation: Invocation) => Promise<Answer>,
) {
  let open: Omit<Ports, 'remaining'> | undefined;
  // Lambda runs one invocation at a time in a process.
  let requestId: string | undefined;
  return async (event: Event, invocation: Invocation): Promise<Answer> => {
    requestId = invocation.awsRequestId;
    open ??= openPorts(runtime, role, () => requestId);
    const { metrics, log } = open;
    try {
      const remaining = () => invocation.getRemainingTimeInMillis?.() ?? DEFAULT_REMAINING;
      return await work(event, { ...open, remaining }, invocation);
    } catch (error) {
      if (role === 'check') metrics.count(METRIC.checkFailed);
      const thrown = withoutKeys(error, event);
      log.error('Failed', { error: String(thrown) });
      throw thrown;
    } finally {
      metrics.flush();
    }
  };
}
