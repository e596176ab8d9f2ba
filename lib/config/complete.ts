import { spreadOver } from '../contract/names';
import type { Alerts } from '../domain/notices/audience';
import { minutesOf } from './consumer-schema';
import type { Path } from './fault';
import type { AdminAccess, EnvironmentProps, FleetConfig, FleetConsumer, FleetEnvironment } from './fleet';
import { ANTHROPIC_URL } from './fleet';
import { DEFAULT_EVIDENCE_RETENTION_DAYS, DEFAULT_LOG_RETENTION_DAYS } from './log-retention';
import { mergePolicy, type PolicyInput } from './policy-input';
import type { EnvironmentInput, FleetInput } from './schema';

type KeyInput = EnvironmentInput['keys'][string];

/** Fills in every default of a valid file. */
export function completeFleet(input: FleetInput): FleetConfig {
  return {
    environments: Object.entries(input.environments).map(([name, environment]) =>
      environmentOf(name, environment, input.defaults),
    ),
  };
}

function environmentOf(name: string, input: EnvironmentInput, defaults?: PolicyInput): FleetEnvironment {
  const { organizationId, workspaceId, policy, adminAccess, vpc, keys, ...rest } = input;
  return completeEnvironment({
    ...rest,
    environment: name,
    alerts: input.alerts ?? [],
    home: { organizationId, workspaceId },
    ...(adminAccess ? { adminAccess: completeAdminAccess(adminAccess) } : {}),
    network: vpc,
    keys: Object.entries(keys).map(([service, key]) => ({
      ...key,
      service,
      stack: furtherStack(name, input, service),
      policy: mergePolicy(defaults, policy, key.policy),
      consumers: completeConsumers(key.consumers),
    })),
  });
}

/** A refresh in minutes. */
export const completeConsumers = (given: KeyInput['consumers']): readonly FleetConsumer[] | undefined =>
  given?.map(({ refresh = 'restart', ...rest }) => ({
    ...rest,
    refresh: refresh === 'restart' ? refresh : minutesOf(refresh)!,
  }));

/** The further stack of a key; undefined if the first one holds it. */
export function furtherStack(
  environment: string,
  { stacks, keys }: Pick<EnvironmentInput, 'stacks' | 'keys'>,
  service: string,
): string | undefined {
  const [, key] = Object.entries(keys).find(([name]) => name === service) ?? [];
  return key?.stack ?? (stacks === undefined ? undefined : spreadOver(stacks, environment, service));
}

/** Fills in the defaults of an environment, from a file or from props. `keys` then holds all its keys. */
export function completeEnvironment(input: EnvironmentProps): FleetEnvironment {
  const { keys, keysElsewhere = [], ...props } = input;
  return {
    ...props,
    alerts: completeAlerts(props.alerts),
    keys: [...keys, ...keysElsewhere],
    eventBusName: props.eventBusName ?? 'default',
    evidenceRetentionDays: props.evidenceRetentionDays ?? DEFAULT_EVIDENCE_RETENTION_DAYS,
    logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    anthropicBaseUrl: props.anthropicBaseUrl ?? ANTHROPIC_URL,
  };
}

/** A list is of those who hear everything. */
export const completeAlerts = (alerts: EnvironmentProps['alerts']): Alerts =>
  'length' in alerts
    ? { all: alerts, critical: [] }
    : { all: alerts.all ?? [], critical: alerts.critical ?? [] };

/** Fills in the default audience of the token. */
export function completeAdminAccess(input: NonNullable<EnvironmentInput['adminAccess']>): AdminAccess {
  const { adminKeySecretArn, federation } = input;
  if (federation) return { federation: { ...federation, audience: federation.audience ?? ANTHROPIC_URL } };
  return { adminKeySecretArn: adminKeySecretArn! };
}

/**
 * Where the file sets what a complete environment has at `path`. A policy field, or one in `also`, may be set at the key, its environment or the
 * defaults; the nearest place counts.
 */
export function writtenAt(
  file: FleetInput,
  environment: string,
  path: Path,
  also: readonly (keyof PolicyInput)[] = [],
): Path {
  const there: Path = ['environments', environment];
  const [first, service, policy, field] = path;
  if (first === 'home') return [...there, ...path.slice(1)];
  if (first === 'network') return [...there, 'vpc', ...path.slice(1)];
  if (first !== 'keys' || policy !== 'policy') return [...there, ...path];
  const written = file.environments[environment];
  const levels: readonly (readonly [Path, PolicyInput | undefined])[] = [
    [[...there, 'keys', service!, 'policy'], written?.keys[service!]?.policy],
    [[...there, 'policy'], written?.policy],
    [['defaults'], file.defaults],
  ];
  for (const [level, input] of levels)
    for (const each of [field as keyof PolicyInput, ...also])
      if (input?.[each] !== undefined) return [...level, each];
  return [...there, ...path];
}
