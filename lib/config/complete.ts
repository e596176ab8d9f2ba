import { DEFAULT_POLICY, type Policy } from '../domain/policy';
import { type AdminAccess, ANTHROPIC_URL, type Fleet, type FleetEnvironment } from './fleet';
import { dayNumbers, hourNumbers, type PolicyInput } from './policy-schema';
import type { EnvironmentInput, FleetInput } from './schema';

/** Fills in every default of a file that has been judged. */
export function completeFleet(input: FleetInput): Fleet {
  return {
    environments: Object.entries(input.environments).map(([name, environment]) =>
      completeEnvironment(name, environment, input.defaults),
    ),
  };
}

/** The policy of a key: its own fields, then its environment's, then the fleet's, then the built-in ones. */
export function mergePolicy(...nearestLast: readonly (PolicyInput | undefined)[]): Policy {
  const { workingHours, warnDays, ...rest } = Object.assign({}, ...nearestLast) as PolicyInput;
  const days = workingHours && dayNumbers(workingHours.days);
  const hours = workingHours && hourNumbers(workingHours.hours);
  return {
    ...DEFAULT_POLICY,
    ...rest,
    warnDays: [...new Set(warnDays ?? DEFAULT_POLICY.warnDays)].sort((a, b) => b - a),
    ...(days && hours ? { workingHours: { days, hours, timeZone: workingHours.timeZone } } : {}),
  };
}

function completeEnvironment(
  name: string,
  input: EnvironmentInput,
  defaults: PolicyInput | undefined,
): FleetEnvironment {
  const { organizationId, workspaceId, sharedWorkspace: _, policy, adminAccess, keys, ...rest } = input;
  return {
    ...rest,
    name,
    alerts: input.alerts ?? [],
    home: { organizationId, workspaceId },
    eventBusName: input.eventBusName ?? 'default',
    anthropicBaseUrl: input.anthropicBaseUrl ?? ANTHROPIC_URL,
    ...(adminAccess ? { adminAccess: completeAdminAccess(adminAccess) } : {}),
    keys: Object.entries(keys).map(([service, key]) => ({
      ...key,
      service,
      policy: mergePolicy(defaults, policy, key.policy),
    })),
  };
}

function completeAdminAccess(input: NonNullable<EnvironmentInput['adminAccess']>): AdminAccess {
  const { adminKeySecretArn, federation } = input;
  if (federation) return { federation: { ...federation, audience: federation.audience ?? ANTHROPIC_URL } };
  return { adminKeySecretArn: adminKeySecretArn! };
}
