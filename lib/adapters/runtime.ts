import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { decodeEnv } from '../contract/env';
import type { FunctionRole } from '../contract/names';
import { METRIC } from '../domain/metrics';
import type { Clock, Log, Metrics, Ports } from '../workflows/ports';
import type { Fetch } from './anthropic-client';
import { createKeyProbe } from './anthropic-probe';
import { createTransitionBus } from './eventbridge';
import { createAdminClient } from './lambda';
import { createSecretStore } from './secrets-manager';
import { createNoticeBoard } from './sns';
import { createLog, createMetrics } from './telemetry';

/** What a function runs on: Lambda, or the embedded world. */
export interface Runtime {
  /** The function's environment variables. */
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Options for every AWS client. @default none: on Lambda the runtime knows */
  readonly aws?: object;
  /** Takes the requests to Anthropic. @default the runtime's own `fetch` */
  readonly fetch?: Fetch;
  /** @default random UUIDs */
  readonly newToken?: () => string;
  /** From 0 to 1, spreads retries. @default Math.random */
  readonly random?: () => number;
  /** Stands between the workflows and a port, to record its calls or to let them fail. @default nothing does */
  readonly around?: Around;
  /** Where logs and metrics go. @default CloudWatch, by structured lines on stdout */
  readonly telemetry?: { readonly log: Log; readonly metrics: Metrics };
}

/** Wraps one port, known by its name in `World`. */
export type Around = <Port extends object>(name: string, port: Port) => Port;

/** The part of Lambda's context that matters here. */
export interface Invocation {
  getRemainingTimeInMillis?(): number;
}

/** Milliseconds, used where the context does not tell the time that remains. */
const UNTOLD = 240_000;

/** Opens the outside world. @throws Error naming every missing variable. */
function openPorts(host: Runtime, role: FunctionRole): Omit<Ports, 'remaining'> {
  const env = decodeEnv(host.vars);
  const { clock, random, aws = {}, fetch, newToken = randomUUID, around = (_, port) => port } = host;
  const { log, metrics } = host.telemetry ?? {
    log: createLog({ service: role, environment: env.environment, clock }),
    metrics: createMetrics({ namespace: env.metricsNamespace, environment: env.environment }),
  };
  return {
    env,
    clock,
    log,
    metrics,
    newToken,
    store: around('store', createSecretStore(new SecretsManagerClient(aws), clock)),
    probe: around('probe', createKeyProbe({ baseURL: env.anthropicBaseUrl, fetch, clock, random })),
    board: around('board', createNoticeBoard(new SNSClient(aws), env.topicArn, env)),
    bus: around('bus', createTransitionBus(new EventBridgeClient(aws), env.eventBusName)),
    admin: env.adminFunction
      ? around('admin', createAdminClient(new LambdaClient(aws), env.adminFunction))
      : undefined,
  };
}

/**
 * Makes a handler of a workflow. The world is opened once, so that connections last from one invocation to the next. What fails is counted
 * and thrown on: a function that catches and logs looks fine while it is not.
 */
export function createHandler<Event, Answer>(
  host: Runtime,
  role: FunctionRole,
  work: (event: Event, ports: Ports) => Promise<Answer>,
) {
  let open: Omit<Ports, 'remaining'> | undefined;
  return async (event: Event, invocation: Invocation): Promise<Answer> => {
    open ??= openPorts(host, role);
    const { metrics, log } = open;
    try {
      return await work(event, {
        ...open,
        remaining: () => invocation.getRemainingTimeInMillis?.() ?? UNTOLD,
      });
    } catch (error) {
      if (role === 'check') metrics.count(METRIC.checkFailed);
      log.error('Failed', { error: String(error) });
      throw error;
    } finally {
      metrics.flush();
    }
  };
}
