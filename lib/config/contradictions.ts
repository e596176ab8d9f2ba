import { isOwnSecret, secretName, secretNameOf } from '../contract/names';
import { LONG_AGE_DAYS, type Policy, remindsInTime } from '../domain/policy';
import { DAY, plus, utcDay } from '../domain/time';
import { contradictingConsumers } from './consumers';
import type { Path, Problem } from './fault';
import type { FleetEnvironment, FleetKey } from './fleet';
import { likestRegion } from './regions';

const LONG_GRACE_HOURS = 14 * 24;
const MAX_ADOPTED = 20;

/** A problem of a complete environment. Its paths start there, and name a key by its service. */
export interface Contradiction extends Problem {
  readonly environment: string;
  /** Other fields of the same policy that contribute to it. */
  readonly also?: readonly (keyof Policy)[];
}

type Within = Omit<Contradiction, 'environment'>;
type ArnAt = [Path, string | undefined];

/** Values that are valid by themselves but not together. */
export function findContradictions(environments: readonly FleetEnvironment[], now?: Date): Contradiction[] {
  const within = environments.flatMap((environment) =>
    [
      ...listeners(environment),
      ...misspelledRegion(environment),
      ...regions(environment),
      ...adoptions(environment),
      ...reviews(environment, now),
      ...environment.keys.flatMap((key) => [
        ...policies(environment, key),
        ...principalsOfAdopted(key),
        ...contradictingConsumers(environment, key),
      ]),
    ].map((problem) => ({ environment: environment.environment, ...problem })),
  );
  return [
    ...within,
    ...sharedWorkspaces(environments),
    ...adoptedTwice(environments),
    ...adoptedOwn(environments),
    ...stackNames(environments),
  ];
}

function listeners({ alerts, topicArn }: FleetEnvironment): Within[] {
  if (alerts.all.length > 0 || topicArn) return [];
  const expected = 'at least one e-mail address, or a topicArn';
  const path = alerts.critical.length > 0 ? ['alerts', 'all'] : ['alerts'];
  return [{ path, expected, instead: [['topicArn']] }];
}

/** A review cannot be in the future. One day is allowed for time zones ahead of UTC. */
function reviews({ spendLimitReviewed }: FleetEnvironment, now?: Date): Within[] {
  if (!now || !spendLimitReviewed) return [];
  const latest = utcDay(plus(now, DAY));
  if (spendLimitReviewed <= latest) return [];
  const expected = `the day of a past review, today (${utcDay(now)}) or before`;
  return [{ path: ['spendLimitReviewed'], expected }];
}

function policies({ environment, adminAccess }: FleetEnvironment, { service, policy }: FleetKey): Within[] {
  const at = (field: keyof Policy): Path => ['keys', service, 'policy', field];
  const problems: Within[] = [];
  if (!remindsInTime(policy))
    problems.push({
      path: at('warnDays'),
      also: ['maxAgeDays'],
      expected: `reminders before the key is overdue: warnDays (${policy.warnDays.join(', ')}) below maxAgeDays (${policy.maxAgeDays})`,
    });
  if (policy.maxAgeDays > LONG_AGE_DAYS && policy.allowLongAge === undefined)
    problems.push({
      path: at('maxAgeDays'),
      expected: `at most ${LONG_AGE_DAYS} days, or a reason in allowLongAge`,
    });
  if (policy.graceHours > LONG_GRACE_HOURS && policy.allowLongGrace === undefined)
    problems.push({
      path: at('graceHours'),
      expected: `at most ${LONG_GRACE_HOURS} hours (14 days), or a reason in allowLongGrace`,
    });
  if (policy.deactivate === 'automatic' && !adminAccess)
    problems.push({
      path: at('deactivate'),
      expected: `prompt, or adminAccess for ${environment}: without it nothing can be switched off automatically`,
      instead: [['adminAccess']],
    });
  return problems;
}

/** Policies list adopted secrets, within 6,144 characters. Retained secrets of an earlier deployment match the name prefix instead. */
function adoptions({ environment, keys }: FleetEnvironment): Within[] {
  const adopted = keys.filter(
    ({ existing }) => existing !== undefined && !isOwnSecret(environment, existing),
  );
  const oneTooMany = adopted[MAX_ADOPTED];
  if (!oneTooMany) return [];
  const expected = `at most ${MAX_ADOPTED} adopted secrets in ${environment}: let the project create further ones, and move their consumers`;
  return [{ path: ['keys', oneTooMany.service, 'existing'], expected }];
}

function misspelledRegion({ region, unknownRegion }: FleetEnvironment): Within[] {
  const meant = region && likestRegion(region);
  if (!meant || unknownRegion) return [];
  const expected = `a region that the CDK knows, such as ${meant}, or a reason in unknownRegion`;
  return [{ path: ['region'], expected, instead: [['unknownRegion']] }];
}

/** A function reaches resources only in its own region, and secrets only in its own account. A role is bounded by a policy of its own account. */
function regions({ region, account, adminAccess, readAs, keys, ...environment }: FleetEnvironment): Within[] {
  const adminKey =
    adminAccess && 'adminKeySecretArn' in adminAccess ? adminAccess.adminKeySecretArn : undefined;
  const arns: ArnAt[] = [
    [['topicArn'], environment.topicArn],
    [['alarmTopicArn'], environment.alarmTopicArn],
    [['adminAccess', 'adminKeySecretArn'], adminKey],
    [['permissionsBoundary'], environment.permissionsBoundary],
    [['readAs', 'role'], readAs && 'role' in readAs ? readAs.role : undefined],
    ...keys.map(({ service, existing }): ArnAt => [['keys', service, 'existing'], existing]),
  ];
  return arns
    .filter(([, arn]) => {
      const [, , service, arnRegion, arnAccount] = arn?.split(':') ?? [];
      // The managed policies of AWS itself are of the account `aws`.
      const bound = service === 'secretsmanager' || (service === 'iam' && arnAccount !== 'aws');
      const otherAccount = bound && account && arnAccount !== account;
      return otherAccount || (region && arnRegion && arnRegion !== region);
    })
    .map(([path]) => ({
      path,
      expected: `something in ${[region, account && `account ${account}`].filter(Boolean).join(', ')}`,
    }));
}

/** A deployment would overwrite the resource policy of an adopted secret. */
function principalsOfAdopted({ service, existing, principals }: FleetKey): Within[] {
  if (!existing || !principals) return [];
  const expected = 'no principals on an adopted secret: its resource policy stays yours';
  return [{ path: ['keys', service, 'principals'], expected }];
}

/** With a shared workspace a dev key would pass the check of its home in prod. */
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

/** A secret that the file has the project create for another key: both would rotate it. */
function adoptedOwn(environments: readonly FleetEnvironment[]): Contradiction[] {
  const created = new Map(
    environments.flatMap(({ environment, keys }) =>
      keys
        .filter(({ existing }) => existing === undefined)
        .map(({ service }) => [secretName(environment, service), `${environment}/${service}`] as const),
    ),
  );
  return environments.flatMap(({ environment, keys }) =>
    keys.flatMap(({ service, existing }) => {
      const whose = existing && created.get(secretNameOf(existing));
      if (!whose) return [];
      const expected = `a secret of its own: this is the one that is created for ${whose}`;
      return [{ environment, path: ['keys', service, 'existing'], expected }];
    }),
  );
}

/** Whether `stacks` gave a further stack its name. */
const isNumber = (stack: string) => /^\d/.test(stack);

/** The further stack `batch` of `prod` has the same name as an environment `prod-batch`. */
function stackNames(environments: readonly FleetEnvironment[]): Contradiction[] {
  const names = new Set(environments.map(({ environment }) => environment));
  const own = environments.flatMap(({ environment, keys }) =>
    keys
      .filter(({ stack }) => stack !== undefined && !isNumber(stack) && names.has(`${environment}-${stack}`))
      .map(({ service, stack }) => ({
        environment,
        path: ['keys', service, 'stack'],
        expected: `another name: ${environment}-${stack} is an environment`,
      })),
  );
  const numbered = environments.flatMap(({ environment, stacks = 0 }) => {
    const taken = Array.from({ length: stacks }, (_, index) => `${environment}-${index + 1}`).find((name) =>
      names.has(name),
    );
    return taken
      ? [{ environment, path: ['stacks'], expected: `no ${taken}, which is an environment: rename that one` }]
      : [];
  });
  return [...own, ...numbered, ...sharedStacks(environments)];
}

/** The further stack `b-1` of `prod` has the same name as the first of those over which `prod-b` is spread, and as `1` of it. */
function sharedStacks(environments: readonly FleetEnvironment[]): Contradiction[] {
  const holders = new Map<string, string>(
    environments.flatMap(({ environment, stacks = 0 }) =>
      Array.from({ length: stacks }, (_, index) => [`${environment}-${index + 1}`, environment] as const),
    ),
  );
  return environments.flatMap(({ environment, keys }) =>
    keys.flatMap(({ service, stack }) => {
      if (stack === undefined || isNumber(stack)) return [];
      const name = `${environment}-${stack}`;
      const holder = holders.get(name) ?? environment;
      holders.set(name, holder);
      const expected = `another name: ${name} is a further stack of ${holder}`;
      return holder === environment ? [] : [{ environment, path: ['keys', service, 'stack'], expected }];
    }),
  );
}
