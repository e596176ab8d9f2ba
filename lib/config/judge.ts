import type { z } from 'zod';
import { DEFAULT_POLICY } from '../domain/policy';
import { completeAdminAccess, completeEnvironment, completeFleet, writtenAt } from './complete';
import { type Contradiction, findContradictions } from './contradictions';
import { type Fault, faultIn, type Misfit, type Path } from './fault';
import type { FleetConfig, FleetEnvironment } from './fleet';
import { environmentSchema, fleetSchema } from './schema';
import { judgeShape } from './shape';

export interface Judged {
  readonly misfits: readonly Misfit[];
  /** All that is right, completed. */
  readonly fleet?: FleetConfig;
}

/** Everything that is wrong with a fleet file. */
export const judgeFile = (data: unknown, now?: Date): Judged =>
  judge(
    data,
    fleetSchema,
    completeFleet,
    (file, { environment, path, also }) => writtenAt(file, environment, path, also),
    now,
  );

/** Everything that is wrong with an environment that comes from no file, in the words of the props of `KeyRotation`. */
export function judgeEnvironment({ keys, alerts, ...rest }: FleetEnvironment): readonly Fault[] {
  const data = {
    ...rest,
    // An empty list is as good as none where there is a topic.
    alerts: alerts.length === 0 ? undefined : alerts,
    // By service, so that faults are named by it, and a key that is wrong hides no fault of the others.
    keys: Object.fromEntries(keys.map((key) => [key.service, key])),
  };
  const { misfits } = judge(data, environmentSchema, ofProps, (_, { path }) => path);
  return misfits.map((misfit) => faultIn(data, misfit));
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

/** The judgement: each part by itself first, then whether the parts that are right contradict each other. */
function judge<Written>(
  data: unknown,
  schema: z.ZodType<Written>,
  complete: (sound: Written) => FleetConfig,
  locate: (sound: Written, contradiction: Pick<Contradiction, 'environment' | 'path' | 'also'>) => Path,
  now?: Date,
): Judged {
  const { misfits, sound } = judgeShape(schema, data);
  if (sound === undefined) return { misfits };
  const fleet = complete(sound);
  const contradictions = findContradictions(fleet.environments, now).map(
    ({ environment, path, also, expected, instead = [] }) => ({
      path: locate(sound, { environment, path, also }),
      instead: instead.map((other) => locate(sound, { environment, path: other })),
      expected,
    }),
  );
  const unexplained = contradictions.filter(
    ({ path, instead }) =>
      !misfits.some((misfit) => [path, ...instead].some((one) => touches(one, misfit.path))),
  );
  return { misfits: [...misfits, ...distinct(unexplained)], fleet };
}

/** Whether one path is within the other: what was taken out as wrong in itself must not be reported as missing. */
const touches = (one: Path, other: Path) => leadsTo(one, other) || leadsTo(other, one);

const leadsTo = (from: Path, to: Path) => from.every((part, index) => part === to[index]);

/** A contradiction in the defaults is reported once, however many keys have it. */
function distinct(misfits: readonly Misfit[]): Misfit[] {
  const seen = new Set<string>();
  return misfits.filter(({ path, expected }) => {
    const id = JSON.stringify([path, expected]);
    return !seen.has(id) && seen.add(id);
  });
}
