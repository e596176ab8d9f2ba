import { FUNCTION_ROLES, functionName, sharedName } from '../../contract/names';
import { secretPrefix } from '../../domain/policy';
import { FunctionError, type Place } from '../../workflows/operator-ports';
import type { CliContext } from '../context';
import { about, type Diagnosis } from './diagnosis';

const SECRET_ACTIONS = [
  'DescribeSecret',
  'ListSecretVersionIds',
  'PutSecretValue',
  'UpdateSecretVersionStage',
  'RotateSecret',
].map((action) => `secretsmanager:${action}`);

/** What the keys of an environment share: functions, topic, report schedule, names, and the caller's permissions. */
export async function examineEnvironment(
  environment: string,
  context: CliContext,
): Promise<readonly Diagnosis[]> {
  const place = await context.place();
  const all = await Promise.all([
    functions(environment, context),
    listeners(environment, place, context),
    report(environment, context),
    permissions(environment, place, context),
    names(environment, context),
  ]);
  return all.flat();
}

async function functions(environment: string, context: CliContext): Promise<readonly Diagnosis[]> {
  const { examiner } = context;
  const say = about(environment);
  return Promise.all(
    FUNCTION_ROLES.map(async (role) => {
      const name = functionName(environment, role);
      const seen = await examiner.function(name);
      if ('unknown' in seen) return say.unknown(`Whether ${name} may be invoked: ${seen.unknown}`);
      if (seen.known === 'invocable')
        return role === 'admin' ? adminAccess(environment, context) : say.fine(`${name} is there`);
      if (role === 'admin')
        return seen.known === 'missing'
          ? say.fine('No Admin access: people switch keys off in the Console')
          : say.unknown(
              'Admin access is on, and not for you',
              'Attach the responder policy to whoever contains leaks.',
            );
      return seen.known === 'missing'
        ? say.problem(`${name} does not exist`, 'Deploy this environment in this account and region.')
        : say.problem(
            `${name} may not be invoked by you`,
            'Attach the operator policy of this environment to your role.',
          );
    }),
  );
}

/** Has the Console's keys listed, which changes nothing: only so a token that is not exchanged shows before it is needed. */
async function adminAccess(environment: string, { functions }: CliContext): Promise<Diagnosis> {
  const say = about(environment);
  try {
    const answer = await functions.admin(environment, { verb: 'inspect-fleet' });
    return answer.outcome === 'fleet'
      ? say.fine(`Admin access works: Anthropic lists ${answer.records.length} keys`)
      : say.unknown(`Whether Admin access works: it answers ${answer.outcome}`);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return error instanceof FunctionError && error.failure === 'failed'
      ? say.problem(
          `Admin access is on and does not work: ${why}`,
          'Compare rule, ids and subject with "Admin access" in docs/admin-access.md.',
        )
      : say.unknown(`Whether Admin access works: ${why}`);
  }
}

/** A deployment that changes nothing about a subscription sends nothing, even where SNS has dropped it. */
const AGAIN =
  'To have it sent again: aws sns subscribe, or take the address out of the fleet file, deploy, put it back, deploy.';

async function listeners(
  environment: string,
  { account, region, caller }: Place,
  { examiner }: CliContext,
): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  const seen = await examiner.listeners(
    `arn:${partitionOf(caller)}:sns:${region}:${account}:${sharedName(environment)}`,
  );
  if ('unknown' in seen)
    return [
      say.unknown(
        `Who listens: ${seen.unknown}`,
        'With a topic of your own, look at its subscriptions in the AWS console.',
      ),
    ];
  const { confirmed, pending } = seen.known;
  return [
    confirmed > 0
      ? say.fine(`${confirmed} confirmed ${confirmed === 1 ? 'subscription' : 'subscriptions'}`)
      : say.problem(
          'Nobody listens: no subscription is confirmed',
          `Click the link in the mail "AWS Notification - Subscription Confirmation". ${AGAIN}`,
        ),
    ...pending.map((endpoint) =>
      say.problem(
        `${endpoint} has not confirmed its subscription`,
        `The link in its mail works for two days. ${AGAIN}`,
      ),
    ),
  ];
}

/** `aws`, or that of GovCloud or China. */
const partitionOf = (caller: string) => caller.split(':')[1];

async function report(environment: string, { examiner }: CliContext): Promise<readonly Diagnosis[]> {
  return [
    scheduleDiagnosis(
      environment,
      'the daily report',
      await examiner.schedule(sharedName(environment), 'daily.report'),
    ),
  ];
}

/** What a look at a schedule says, of the report or of a key's check. */
export function scheduleDiagnosis(
  thing: string,
  what: string,
  seen: Awaited<ReturnType<CliContext['examiner']['schedule']>>,
): Diagnosis {
  const say = about(thing);
  if ('unknown' in seen) return say.unknown(`The schedule of ${what}: ${seen.unknown}`);
  if (seen.known === 'enabled') return say.fine(`The schedule of ${what} is on`);
  return say.problem(
    `The schedule of ${what} is ${seen.known}`,
    'Deploy again: schedules are part of the stack.',
  );
}

async function permissions(
  environment: string,
  { account, region, caller }: Place,
  { examiner }: CliContext,
): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  const arn = `arn:${partitionOf(caller)}:secretsmanager:${region}:${account}:secret:${secretPrefix(environment)}example-AbCdEf`;
  const [needed, reading] = await Promise.all([
    examiner.refused(caller, SECRET_ACTIONS, { arn, environment }),
    examiner.refused(caller, ['secretsmanager:GetSecretValue'], { arn, environment }),
  ]);
  if ('unknown' in needed)
    return [
      say.unknown(
        `What your role may do: ${needed.unknown}`,
        'Where the simulation is not allowed, a command that is refused names the action.',
      ),
    ];
  return [
    needed.known.length === 0
      ? say.fine('Your role may do what the commands need')
      : say.problem(
          `Your role may not: ${needed.known.join(', ')}`,
          'Attach the operator policy of this environment to it.',
        ),
    ...('known' in reading && reading.known.length === 0
      ? [
          say.problem(
            'Your role may read key values (secretsmanager:GetSecretValue)',
            'No command needs that. Take it away from people.',
          ),
        ]
      : []),
  ];
}

async function names(environment: string, { examiner }: CliContext): Promise<readonly Diagnosis[]> {
  const seen = await examiner.tombstones(secretPrefix(environment));
  const say = about(environment);
  if ('unknown' in seen) return [say.unknown(`Names that deleted secrets still hold: ${seen.unknown}`)];
  return seen.known.map((name) =>
    say.problem(
      `${name} is deleted and still holds its name, so that a deploy of it would fail`,
      `Restore it (aws secretsmanager restore-secret --secret-id ${name}), or wait until AWS lets the name go.`,
    ),
  );
}
