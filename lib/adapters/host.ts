import { randomUUID } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { decodeEnv } from '../contract/env';
import { METRIC } from '../contract/metric-names';
import type { FunctionRole } from '../contract/names';
import type { Clock, Log, Metrics } from '../workflows/ports';
import type { World } from '../workflows/world';
import { createKeyProbe } from './anthropic-probe';
import { createTransitionBus } from './eventbridge';
import { createAdminDesk } from './lambda';
import { createSecretStore } from './secrets-manager';
import { createNoticeBoard } from './sns';
import { createLog, createMetrics } from './telemetry';

/** Options that every AWS client takes; empty on Lambda, where the runtime knows. */
export type AwsOptions = ConstructorParameters<typeof SecretsManagerClient>[0] & object;

/** What a function runs on: Lambda, or the embedded world. */
export interface Host {
  /** The function's environment variables. */
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly aws?: object;
  /** Where logs and metrics go. @default CloudWatch, by structured lines on stdout */
  readonly telemetry?: { readonly log: Log; readonly metrics: Metrics };
}

/** The part of Lambda's context that matters here. */
export interface Invocation {
  getRemainingTimeInMillis?(): number;
}

/** Assumed where nobody tells how long an invocation may last. */
const UNTOLD = 240_000;

/** Opens the outside world for one invocation. @throws Error naming every missing variable. */
export function openWorld(host: Host, role: FunctionRole, invocation: Invocation): World {
  const env = decodeEnv(host.vars);
  const { clock, aws = {} } = host;
  const { log, metrics } = host.telemetry ?? {
    log: createLog({ service: role, environment: env.environment, clock }),
    metrics: createMetrics({ namespace: env.metricsNamespace, environment: env.environment }),
  };
  return {
    env,
    clock,
    log,
    metrics,
    store: createSecretStore(new SecretsManagerClient(aws), clock),
    probe: createKeyProbe({ baseURL: env.anthropicBaseUrl, clock }),
    board: createNoticeBoard(new SNSClient(aws), env.topicArn),
    bus: createTransitionBus(new EventBridgeClient(aws), env.eventBusName),
    admin: env.adminFunction ? createAdminDesk(new LambdaClient(aws), env.adminFunction) : undefined,
    newToken: randomUUID,
    remaining: () => invocation.getRemainingTimeInMillis?.() ?? UNTOLD,
  };
}

/**
 * Runs one invocation. What fails is counted and thrown on: a function that catches and logs looks fine while it is not.
 */
export async function serve<T>(
  host: Host,
  role: FunctionRole,
  invocation: Invocation,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const world = openWorld(host, role, invocation);
  try {
    return await work(world);
  } catch (error) {
    if (role === 'check') world.metrics.count(METRIC.checkFailed);
    world.log.error('Failed', { error: String(error) });
    throw error;
  } finally {
    world.metrics.flush();
  }
}
