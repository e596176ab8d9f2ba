import type * as z from 'zod';
import { DEFAULT_POLICY } from '../domain/policy';
import { completeAdminAccess, completeEnvironment, completeFleet, writtenAt } from './complete';
import { type Contradiction, findContradictions } from './contradictions';
import { type Fault, faultIn, type Path, type Problem } from './fault';
import type { EnvironmentProps, FleetConfig, FleetEnvironment } from './fleet';
import { environmentSchema, fleetSchema } from './schema';
import { judgeShape } from './shape';
import { findDoubts } from './warnings';

export interface Judged {
  readonly problems: readonly Problem[];
  /** What can be meant, but probably is not. */
  readonly doubts: readonly Problem[];
  /** The valid parts, completed. */
  readonly fleet?: FleetConfig;
}

/** All problems of a fleet file. */
export const judgeFile = (data: unknown, now?: Date): Judged =>
  judge(
    data,
    fleetSchema,
    completeFleet,
    (file, { environment, path, also }) => writtenAt(file, environment, path, also),
    now,
  );

/** All problems of an environment from props of `KeyRotation`, in their terms. */
export function judgeEnvironment({
  keys,
  alerts,
  ...rest
}: Omit<FleetEnvironment, 'alerts'> & Pick<EnvironmentProps, 'alerts'>): readonly Fault[] {
  const data = {
    ...rest,
    alerts: withoutEmptyLists(alerts),
    // By service, so that paths name it, and an invalid key does not hide faults of the others.
    keys: Object.fromEntries(keys.map((key) => [key.service, key])),
  };
  const { problems } = judge(data, environmentSchema, ofProps, (_, { path }) => path);
  return problems.map((problem) => faultIn(data, problem));
}

/** With a topic, an empty list is as good as none. */
function withoutEmptyLists(alerts: EnvironmentProps['alerts']): Partial<EnvironmentProps>['alerts'] {
  if ('length' in alerts) return alerts.length === 0 ? undefined : alerts;
  const lists = Object.entries(alerts).filter(([, addresses]) => addresses.length > 0);
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}

const ofProps = ({
  adminAccess,
  alerts = [],
  keys,
  ...rest
}: z.infer<typeof environmentSchema>): FleetConfig => ({
  environments: [
    completeEnvironment({
      ...rest,
      alerts,
      adminAccess: adminAccess && completeAdminAccess(adminAccess),
      keys: Object.values(keys).map((key) => ({ ...key, policy: { ...DEFAULT_POLICY, ...key.policy } })),
    }),
  ],
});

/** Judges each part by itself first, then whether valid parts contradict each other. */
function judge<Written>(
  data: unknown,
  schema: z.ZodType<Written>,
  complete: (valid: Written) => FleetConfig,
  locate: (valid: Written, contradiction: Pick<Contradiction, 'environment' | 'path' | 'also'>) => Path,
  now?: Date,
): Judged {
  const { problems, valid } = judgeShape(schema, data);
  if (valid === undefined) return { problems, doubts: [] };
  const fleet = complete(valid);
  const contradictions = findContradictions(fleet.environments, now).map(
    ({ environment, path, also, expected, instead = [] }) => ({
      path: locate(valid, { environment, path, also }),
      instead: instead.map((other) => locate(valid, { environment, path: other })),
      expected,
    }),
  );
  const unexplained = contradictions.filter(
    ({ path, instead }) =>
      !problems.some((problem) => [path, ...instead].some((one) => touches(one, problem.path))),
  );
  const doubts = findDoubts(fleet).map((doubt) => ({ path: locate(valid, doubt), expected: doubt.expected }));
  return { problems: [...problems, ...distinct(unexplained)], doubts, fleet };
}

/** Whether one path is within the other: a part that was removed as invalid must not be reported as missing. */
const touches = (one: Path, other: Path) => leadsTo(one, other) || leadsTo(other, one);

const leadsTo = (from: Path, to: Path) => from.every((part, index) => part === to[index]);

/** A contradiction in the defaults is reported once, not for every key. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, expected }) => {
    const id = JSON.stringify([path, expected]);
    return !seen.has(id) && seen.add(id);
  });
}
