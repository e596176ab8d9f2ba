import { isOwnSecret } from '../contract/names';
import { type Policy, remindsInTime } from '../domain/policy';
import { DAY, plus, utcDay } from '../domain/time';
import type { Misfit, Path } from './fault';
import type { FleetEnvironment, FleetKey } from './fleet';

const LONG_AGE_DAYS = 90;
const LONG_GRACE_HOURS = 14 * 24;
const MOST_ADOPTED = 20;

/** A misfit of a complete environment. Its paths begin within the environment, and name a key by its service. */
export interface Contradiction extends Misfit {
  readonly environment: string;
  /** Other fields of the same policy that it is about as well. */
  readonly also?: readonly (keyof Policy)[];
}

type Within = Omit<Contradiction, 'environment'>;

/** What is right by itself and wrong together. */
export function findContradictions(environments: readonly FleetEnvironment[], now?: Date): Contradiction[] {
  const within = environments.flatMap((environment) =>
    [
      ...listeners(environment),
      ...places(environment),
      ...adoptions(environment),
      ...reviews(environment, now),
      ...environment.keys.flatMap((key) => [...policies(environment, key), ...principalsOfAdopted(key)]),
    ].map((misfit) => ({ environment: environment.environment, ...misfit })),
  );
  return [
    ...within,
    ...sharedWorkspaces(environments),
    ...adoptedTwice(environments),
    ...stacksOfOneName(environments),
  ];
}

function listeners({ alerts, topicArn }: FleetEnvironment): Within[] {
  if (alerts.length > 0 || topicArn) return [];
  return [
    { path: ['alerts'], expected: 'at least one e-mail address, or a topicArn', instead: [['topicArn']] },
  ];
}

/** Nobody has reviewed what is yet to come. A day's leeway is for whoever lives ahead of UTC. */
function reviews({ spendLimitReviewed }: FleetEnvironment, now?: Date): Within[] {
  if (!now || !spendLimitReviewed) return [];
  const latest = utcDay(plus(now, DAY));
  if (spendLimitReviewed <= latest) return [];
  const expected = `the day of a review that has been, today (${utcDay(now)}) or before`;
  return [{ path: ['spendLimitReviewed'], expected }];
}

function policies({ environment, adminAccess }: FleetEnvironment, { service, policy }: FleetKey): Within[] {
  const at = (field: keyof Policy): Path => ['keys', service, 'policy', field];
  const misfits: Within[] = [];
  if (!remindsInTime(policy))
    misfits.push({
      path: at('warnDays'),
      also: ['maxAgeDays'],
      expected: `reminders before the key is overdue: warnDays (${policy.warnDays.join(', ')}) below maxAgeDays (${policy.maxAgeDays})`,
    });
  if (policy.maxAgeDays > LONG_AGE_DAYS && policy.allowLongAge === undefined)
    misfits.push({
      path: at('maxAgeDays'),
      expected: `at most ${LONG_AGE_DAYS} days, or a reason in allowLongAge`,
    });
  if (policy.graceHours > LONG_GRACE_HOURS && policy.allowLongGrace === undefined)
    misfits.push({
      path: at('graceHours'),
      expected: `at most ${LONG_GRACE_HOURS} hours (14 days), or a reason in allowLongGrace`,
    });
  if (policy.deactivate === 'automatic' && !adminAccess)
    misfits.push({
      path: at('deactivate'),
      expected: `prompt, or adminAccess for ${environment}: without it nothing can be switched off automatically`,
      instead: [['adminAccess']],
    });
  return misfits;
}

/** Roles name adopted secrets one by one, and a policy ends at 6,144 characters. Those that an earlier deployment left behind need no name. */
function adoptions({ environment, keys }: FleetEnvironment): Within[] {
  const adopted = keys.filter(
    ({ existing }) => existing !== undefined && !isOwnSecret(environment, existing),
  );
  const oneTooMany = adopted[MOST_ADOPTED];
  if (!oneTooMany) return [];
  const expected = `at most ${MOST_ADOPTED} adopted secrets in ${environment}: let the project create further ones, and move their consumers`;
  return [{ path: ['keys', oneTooMany.service, 'existing'], expected }];
}

/** A function reaches what is in its own region, and a secret of its own account. */
function places({ region, account, adminAccess, keys, ...environment }: FleetEnvironment): Within[] {
  const adminKey =
    adminAccess && 'adminKeySecretArn' in adminAccess ? adminAccess.adminKeySecretArn : undefined;
  const arns: [Path, string | undefined][] = [
    [['topicArn'], environment.topicArn],
    [['alarmTopicArn'], environment.alarmTopicArn],
    [['adminAccess', 'adminKeySecretArn'], adminKey],
    ...keys.map(({ service, existing }): [Path, string | undefined] => [
      ['keys', service, 'existing'],
      existing,
    ]),
  ];
  return arns
    .filter(([, arn]) => {
      const [, , service, itsRegion, itsAccount] = arn?.split(':') ?? [];
      return (
        (region && itsRegion && itsRegion !== region) ||
        (service === 'secretsmanager' && account && itsAccount !== account)
      );
    })
    .map(([path]) => ({
      path,
      expected: `something in ${[region, account].filter(Boolean).join(', account ')}`,
    }));
}

/** The resource policy of an adopted secret is its owner's: a deployment would overwrite it. */
function principalsOfAdopted({ service, existing, principals }: FleetKey): Within[] {
  if (!existing || !principals) return [];
  return [
    {
      path: ['keys', service, 'principals'],
      expected: 'no principals on an adopted secret: its resource policy stays yours',
    },
  ];
}

/** Keys of one workspace are indistinguishable by home: a dev key would pass in prod. */
function sharedWorkspaces(environments: readonly FleetEnvironment[]): Contradiction[] {
  const firstWith = new Map<string, string>();
  return environments.flatMap(({ environment, home: { workspaceId }, sharedWorkspace }) => {
    const first = workspaceId && firstWith.get(workspaceId);
    if (workspaceId && !first) firstWith.set(workspaceId, environment);
    if (!first || sharedWorkspace) return [];
    const expected = `another workspace than that of ${first}, or a reason in sharedWorkspace`;
    return [{ environment, path: ['home', 'workspaceId'], expected }];
  });
}

function adoptedTwice(environments: readonly FleetEnvironment[]): Contradiction[] {
  const firstWith = new Map<string, string>();
  return environments.flatMap(({ environment, keys }) =>
    keys.flatMap(({ service, existing }) => {
      const first = existing && firstWith.get(existing);
      if (existing && !first) firstWith.set(existing, `${environment}/${service}`);
      if (!first) return [];
      const expected = `a secret of its own: this is ${first}`;
      return [{ environment, path: ['keys', service, 'existing'], expected }];
    }),
  );
}

/** A further stack has the environment's name and its own: `prod` and `batch` make the name of an environment `prod-batch`. */
function stacksOfOneName(environments: readonly FleetEnvironment[]): Contradiction[] {
  const names = new Set(environments.map(({ environment }) => environment));
  return environments.flatMap(({ environment, keys }) =>
    keys
      .filter(({ stack }) => stack !== undefined && names.has(`${environment}-${stack}`))
      .map(({ service, stack }) => ({
        environment,
        path: ['keys', service, 'stack'],
        expected: `another name: ${environment}-${stack} is an environment`,
      })),
  );
}
