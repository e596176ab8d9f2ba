import type { KeyIdentity } from '../domain/policy';
import { completeAlerts, completeConsumers, furtherStack } from './complete';
import { namedConsumers } from './consumers';
import { type ConfigFault, renderFault } from './fault';
import type { FleetConfig } from './fleet';
import { judgeFile } from './judge';
import { mergePolicy } from './policy-input';
import { fleetSchema } from './schema';
import { readSource } from './source';
import { findWarnings } from './warnings';

/** A fleet file, judged. */
export interface LoadedFleet {
  /** Absent if there is any error. */
  readonly fleet?: FleetConfig;
  /** In the order of the file. */
  readonly errors: readonly ConfigFault[];
  /** What deploys, but will probably not do what its author intends. */
  readonly warnings: readonly string[];
}

/** Parses and judges the text of a fleet file. Without `now` dates may be in the future. */
export function loadFleet(text: string, file: string, now?: Date): LoadedFleet {
  const source = readSource(text, file);
  if (source.data === undefined) return { errors: source.faults, warnings: [] };
  const { problems, doubts, fleet } = judgeFile(source.data, now);
  const errors = [...source.faults, ...source.locate(problems)].sort((a, b) => a.line - b.line);
  if (errors.length > 0 || !fleet) return { errors, warnings: [] };
  const doubtful = source.locate(doubts).map(renderFault);
  return { fleet, errors: [], warnings: [...findWarnings(fleet), ...doubtful] };
}

type Named = Pick<KeyIdentity, 'environment' | 'service'>;

/** Looks keys up in the text of a fleet file, which is read once. */
export function keysIn(text: string, file: string) {
  const { errors } = loadFleet(text, file);
  if (errors.length > 0) {
    const faults = errors.map(renderFault);
    return () => ({ file, faults });
  }
  const { defaults, environments } = fleetSchema.parse(readSource(text, file).data);
  return ({ environment, service }: Named) => {
    // By entries, because names such as `constructor` are valid and every object has such a field.
    const [, found] = Object.entries(environments).find(([name]) => name === environment) ?? [];
    if (!found) return { file, faults: [] };
    const { organizationId, workspaceId } = found;
    const [, key] = Object.entries(found.keys).find(([name]) => name === service) ?? [];
    return {
      file,
      faults: [],
      found: {
        home: { organizationId, workspaceId },
        alerts: completeAlerts(found.alerts ?? []),
        policy: mergePolicy(defaults, found.policy, key?.policy),
        key: key && {
          owner: key.owner,
          existing: key.existing,
          consumers: namedConsumers(completeConsumers(key.consumers)),
          stack: furtherStack(environment, found, service),
        },
      },
    };
  };
}

/** Where the environments in the text of a fleet file are, and whose credentials read them, in the order of the file. */
export function environmentsIn(text: string, file: string) {
  const { fleet, errors } = loadFleet(text, file);
  return {
    file,
    faults: errors.map(renderFault),
    environments: (fleet?.environments ?? []).map(
      ({ environment, account, region, readAs, home, adminAccess, spendLimitReviewed }) => ({
        environment,
        ...(account && { account }),
        ...(region && { region }),
        ...(readAs && { readAs }),
        ...(home.organizationId && { organizationId: home.organizationId }),
        adminAccess: adminAccess !== undefined,
        ...(spendLimitReviewed && { spendLimitReviewed }),
      }),
    ),
  };
}

/** One key in the text of a fleet file, with its policy merged from all levels. A key that is not there gets its environment's policy. */
export const lookUp = (text: string, file: string, key: Named) => keysIn(text, file)(key);
