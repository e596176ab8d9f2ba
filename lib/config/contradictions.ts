import { isOwnSecret } from '../contract/names';
import { remindsInTime } from '../domain/policy';
import { DAY, plus, utcDay } from '../domain/time';
import { mergePolicy } from './complete';
import type { Misfit, Path } from './fault';
import type { PolicyInput } from './policy-schema';
import type { EnvironmentInput, FleetInput, KeyInput } from './schema';

const LONG_AGE_DAYS = 90;
const LONG_GRACE_HOURS = 14 * 24;
const MOST_ADOPTED = 20;

/** What is right by itself and wrong together. */
export function findContradictions(fleet: FleetInput, now?: Date): Misfit[] {
  const environments = Object.entries(fleet.environments);
  const perEnvironment = environments.flatMap(([name, environment]) => [
    ...listeners(name, environment),
    ...places(name, environment),
    ...adoptions(name, environment),
    ...reviews(name, environment, now),
    ...Object.entries(environment.keys).flatMap(([service, key]) => [
      ...policies(fleet.defaults, name, environment, service, key),
      ...principalsOfAdopted(name, service, key),
    ]),
  ]);
  return distinct([
    ...perEnvironment,
    ...sharedWorkspaces(environments),
    ...adoptedTwice(environments),
    ...stacksOfOneName(environments),
  ]);
}

function listeners(name: string, { alerts, topicArn }: EnvironmentInput): Misfit[] {
  if (alerts || topicArn) return [];
  return [
    {
      path: ['environments', name, 'alerts'],
      expected: 'at least one e-mail address, or a topicArn',
      instead: [['environments', name, 'topicArn']],
    },
  ];
}

/** Nobody has reviewed what is yet to come. A day's leeway is for whoever lives ahead of UTC. */
function reviews(name: string, { spendLimitReviewed }: EnvironmentInput, now?: Date): Misfit[] {
  if (!now || !spendLimitReviewed) return [];
  const latest = utcDay(plus(now, DAY));
  if (spendLimitReviewed <= latest) return [];
  return [
    {
      path: ['environments', name, 'spendLimitReviewed'],
      expected: `the day of a review that has been, today (${utcDay(now)}) or before`,
    },
  ];
}

function policies(
  defaults: PolicyInput | undefined,
  name: string,
  environment: EnvironmentInput,
  service: string,
  key: KeyInput,
): Misfit[] {
  const levels: readonly (readonly [Path, PolicyInput | undefined])[] = [
    [['defaults'], defaults],
    [['environments', name, 'policy'], environment.policy],
    [['environments', name, 'keys', service, 'policy'], key.policy],
  ];
  const inputs = levels.map(([, input]) => input);
  const merged = mergePolicy(...inputs);
  const stated = (field: keyof PolicyInput) => inputs.some((input) => input?.[field] !== undefined);
  /** Where the field was written, nearest to the key; a contradiction is reported there, once. */
  const writtenAt = (...fields: (keyof PolicyInput)[]): Path => {
    for (const [path, input] of [...levels].reverse())
      for (const field of fields) if (input?.[field] !== undefined) return [...path, field];
    return ['environments', name, 'keys', service, 'policy', fields[0]!];
  };
  const faults: Misfit[] = [];
  if (!remindsInTime(merged))
    faults.push({
      path: writtenAt('warnDays', 'maxAgeDays'),
      expected: `reminders before the key is overdue: warnDays (${merged.warnDays.join(', ')}) below maxAgeDays (${merged.maxAgeDays})`,
    });
  if (merged.maxAgeDays > LONG_AGE_DAYS && !stated('allowLongAge'))
    faults.push({
      path: writtenAt('maxAgeDays'),
      expected: `at most ${LONG_AGE_DAYS} days, or a reason in allowLongAge`,
    });
  if (merged.graceHours > LONG_GRACE_HOURS && !stated('allowLongGrace'))
    faults.push({
      path: writtenAt('graceHours'),
      expected: `at most ${LONG_GRACE_HOURS} hours (14 days), or a reason in allowLongGrace`,
    });
  if (merged.deactivate === 'automatic' && !environment.adminAccess)
    faults.push({
      path: writtenAt('deactivate'),
      expected: `prompt, or adminAccess for ${name}: without it nothing can be switched off automatically`,
      instead: [['environments', name, 'adminAccess']],
    });
  return faults;
}

/** Roles name adopted secrets one by one, and a policy ends at 6,144 characters. Those that an earlier deployment left behind need no name. */
function adoptions(name: string, { keys }: EnvironmentInput): Misfit[] {
  const adopted = Object.entries(keys).filter(
    ([, { existing }]) => existing !== undefined && !isOwnSecret(name, existing),
  );
  const [service] = adopted[MOST_ADOPTED] ?? [];
  if (!service) return [];
  const expected = `at most ${MOST_ADOPTED} adopted secrets in ${name}: let the project create further ones, and move their consumers`;
  return [{ path: ['environments', name, 'keys', service, 'existing'], expected }];
}

/** A function reaches what is in its own region, and a secret of its own account. */
function places(name: string, environment: EnvironmentInput): Misfit[] {
  const at: Path = ['environments', name];
  const arns: [Path, string | undefined][] = [
    [[...at, 'topicArn'], environment.topicArn],
    [[...at, 'alarmTopicArn'], environment.alarmTopicArn],
    [[...at, 'adminAccess', 'adminKeySecretArn'], environment.adminAccess?.adminKeySecretArn],
    ...Object.entries(environment.keys).map(([service, key]): [Path, string | undefined] => [
      [...at, 'keys', service, 'existing'],
      key.existing,
    ]),
  ];
  return arns.flatMap(([path, arn]) => {
    const [, , service, region, account] = arn?.split(':') ?? [];
    const strayed =
      (environment.region && region && region !== environment.region) ||
      (service === 'secretsmanager' && environment.account && account !== environment.account);
    return strayed
      ? [
          {
            path,
            expected: `something in ${[environment.region, environment.account].filter(Boolean).join(', account ')}`,
          },
        ]
      : [];
  });
}

/** Keys of one workspace are indistinguishable by home: a dev key would pass in prod. */
function sharedWorkspaces(environments: readonly [string, EnvironmentInput][]): Misfit[] {
  const firstWith = new Map<string, string>();
  return environments.flatMap(([name, { workspaceId, sharedWorkspace }]) => {
    const first = workspaceId && firstWith.get(workspaceId);
    if (workspaceId && !first) firstWith.set(workspaceId, name);
    if (!first || sharedWorkspace) return [];
    return [
      {
        path: ['environments', name, 'workspaceId'],
        expected: `another workspace than that of ${first}, or a reason in sharedWorkspace`,
      },
    ];
  });
}

/** The resource policy of an adopted secret is its owner's: a deployment would overwrite it. */
function principalsOfAdopted(name: string, service: string, { existing, principals }: KeyInput): Misfit[] {
  if (!existing || !principals) return [];
  return [
    {
      path: ['environments', name, 'keys', service, 'principals'],
      expected: 'no principals on an adopted secret: its resource policy stays yours',
    },
  ];
}

function adoptedTwice(environments: readonly [string, EnvironmentInput][]): Misfit[] {
  const firstWith = new Map<string, string>();
  return environments.flatMap(([name, { keys }]) =>
    Object.entries(keys).flatMap(([service, { existing }]) => {
      const first = existing && firstWith.get(existing);
      if (existing && !first) firstWith.set(existing, `${name}/${service}`);
      if (!first) return [];
      return [
        {
          path: ['environments', name, 'keys', service, 'existing'],
          expected: `a secret of its own: this is ${first}`,
        },
      ];
    }),
  );
}

/** A further stack has the environment's name and its own: `prod` and `batch` make the name of an environment `prod-batch`. */
function stacksOfOneName(environments: readonly [string, EnvironmentInput][]): Misfit[] {
  const names = new Set(environments.map(([name]) => name));
  return environments.flatMap(([name, { keys }]) =>
    Object.entries(keys)
      .filter(([, { stack }]) => stack !== undefined && names.has(`${name}-${stack}`))
      .map(([service, { stack }]) => ({
        path: ['environments', name, 'keys', service, 'stack'],
        expected: `another name: ${name}-${stack} is an environment`,
      })),
  );
}

function distinct(misfits: readonly Misfit[]): Misfit[] {
  const seen = new Set<string>();
  return misfits.filter(({ path, expected }) => {
    const id = JSON.stringify([path, expected]);
    return !seen.has(id) && seen.add(id);
  });
}
