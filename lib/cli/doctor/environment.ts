import { FUNCTION_ROLES, functionName, ordersName, policyName, sharedName } from '../../contract/names';
import { ACTIONS_ON_SECRETS } from '../../contract/people';
import { reportSchedule } from '../../contract/release';
import type { UsageSources } from '../../domain/console/usage';
import { audienceOf, reachOf, type Subscription } from '../../domain/notices/audience';
import { secretPrefix } from '../../domain/policy';
import { count } from '../../domain/wording/text';
import { FEED } from '../../domain/wording/who';
import { FunctionError, type Place } from '../../workflows/operator-ports';
import type { AdminAnswer } from '../../workflows/ports';
import type { CliContext } from '../context';
import { MATCH_RELEASES, releaseInWords, VERSION } from '../version';
import { about, type Diagnosis, examinePart, notExamined } from './here';

/** What the keys of an environment share: functions, topic, report schedule, names, and the caller's permissions. */
export async function examineEnvironment(
  environment: string,
  context: CliContext,
): Promise<readonly Diagnosis[]> {
  const { examiner } = context;
  const place = await context.place();
  const report = reportSchedule(environment);
  const part = (what: string, work: () => Promise<readonly Diagnosis[]>) =>
    examinePart(environment, what, work, { environment });
  const all = await Promise.all([
    part('The functions were not examined', () => functions(environment, context)),
    part('The subscriptions were not examined', () => subscriptions(environment, place, context)),
    part('The schedule of the daily report was not examined', async () => {
      const found = await examiner.schedule(report.group, report.name);
      return [scheduleDiagnosis(environment, 'the daily report', found, environment)];
    }),
    part('Your permissions were not examined', () => permissions(environment, place, context)),
    part('Names of deleted secrets were not examined', () => heldNames(environment, context)),
    part('The release was not examined', () => release(environment, context)),
  ]);
  return all.flat();
}

/** Commands and functions of two releases may not understand each other. */
async function release(environment: string, { examiner }: CliContext): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  const found = await examiner.release(environment);
  if ('unknown' in found) return [say.unknown(`Which release is deployed: ${found.unknown}`)];
  if (found.known === VERSION) return [say.fine(`Release ${VERSION} is deployed, the same as here`)];
  return [
    say.problem(
      `It was deployed with ${releaseInWords(found.known)}, and this is ${VERSION}`,
      MATCH_RELEASES,
    ),
  ];
}

async function functions(environment: string, context: CliContext): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  const all = await Promise.all(
    FUNCTION_ROLES.map(async (role) => {
      if (role === 'admin') return doorForOrders(environment, context);
      const name = functionName(environment, role);
      const found = await context.examiner.function(name);
      if ('unknown' in found)
        return notExamined(environment, `Whether ${name} may be invoked`, found, { environment });
      if (found.known === 'invocable') return say.fine(`${name} is there`);
      return found.known === 'missing'
        ? say.problem(`${name} does not exist`, 'Deploy this environment in this account and region.')
        : say.problem(
            `Your role may not invoke ${name}`,
            `Attach the policy ${policyName(environment, 'operator')} to your role.`,
          );
    }),
  );
  return all.flat();
}

/** People use Admin access by its door for orders. The function's own name is the door of the other functions. */
async function doorForOrders(environment: string, context: CliContext): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  const [orders, admin] = [ordersName(environment), functionName(environment, 'admin')];
  const found = await context.examiner.function(orders);
  if ('unknown' in found)
    return [notExamined(environment, `Whether ${orders} may be invoked`, found, { environment })];
  if (found.known === 'invocable') return adminAccess(environment, context);
  const own = await context.examiner.function(admin);
  if ('known' in own && own.known === 'invocable')
    return [
      say.problem(
        `Your role may invoke ${admin}, but ${orders} ${found.known === 'missing' ? 'does not exist' : 'is closed to it'}`,
        `Deploy this release: orders of people have a door of their own. Then attach the policy ${policyName(environment, 'responder')} to whoever contains leaks.`,
      ),
    ];
  return [
    found.known === 'missing'
      ? say.fine('No Admin access: people switch keys off in the Console')
      : say.unknown(
          'Admin access is off, or your role may not use it',
          `Attach the policy ${policyName(environment, 'responder')} to whoever contains leaks.`,
        ),
  ];
}

/** Lists the Console's keys, which changes nothing. Nothing else shows a failing token exchange before it is needed. */
async function adminAccess(environment: string, { functions }: CliContext): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  try {
    const answer = await functions.admin(environment, { verb: 'inspect-fleet', usage: true });
    if (answer.outcome !== 'fleet')
      return [say.unknown(`Whether Admin access works: it answers ${answer.outcome}`)];
    return [
      say.fine(`Admin access works: Anthropic lists ${answer.records.length} keys`),
      answer.usage
        ? usageDiagnosis(environment, answer.usage)
        : say.unknown(
            'Which report tells the usage of keys: the deployed function does not say',
            MATCH_RELEASES,
          ),
      ...feedDiagnosis(environment, answer.feed),
    ];
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return [
      error instanceof FunctionError && error.failure === 'failed'
        ? say.problem(
            `Admin access is on but does not work: ${why}`,
            'Compare rule, ids and subject with "Admin access" in docs/admin-access.md.',
          )
        : say.unknown(`Whether Admin access works: ${why}`),
    ];
  }
}

/** Where no report answers, no machine switches an old key off. */
function usageDiagnosis(environment: string, { analytics, messages }: UsageSources): Diagnosis {
  const say = about(environment);
  if (analytics === 'answers')
    return say.fine("The usage of keys is known from Anthropic's analytics report");
  const [first, second] = [analytics, messages].map(noReport);
  if (messages === 'answers')
    return say.fine(
      `The usage of keys is known from Anthropic's Messages report: the analytics report ${first}. An old key is idle only by an answer that shows use of the live key within two hours`,
    );
  const what = `Whether old keys are used is not known: Anthropic's analytics report ${first}, and its Messages report ${second}`;
  return analytics.failure === 'refused' && messages.failure === 'refused'
    ? say.problem(
        what,
        'Let Admin access read usage: "Usage" in docs/admin-access.md. Until then no machine switches an old key off, and people are asked.',
      )
    : say.unknown(what, 'Try again later. Until then no machine switches an old key off.');
}

const noReport = (state: UsageSources['analytics']) =>
  typeof state === 'object' && state.failure === 'refused'
    ? `is refused (status ${state.status})`
    : 'gave no readable answer';

/** No failure: keys are kept without it, only nobody learns who disabled one. */
function feedDiagnosis(
  environment: string,
  feed: Extract<AdminAnswer, { outcome: 'fleet' }>['feed'],
): readonly Diagnosis[] {
  const say = about(environment);
  if (!feed) return [];
  if (feed.kind === 'read') return [say.fine(`${FEED} can be read: mails say who disabled a key`)];
  return [
    say.unknown(
      `Who disables a key at Anthropic is not known: ${feed.words}`,
      'See "Who changed a key" in docs/admin-access.md.',
    ),
  ];
}

/** A deployment that does not change a subscription sends no mail, even if SNS has dropped the subscription. */
const RESEND =
  'To have it sent again, run aws sns subscribe; or remove the address from the fleet file, deploy, put it back, and deploy.';

async function subscriptions(
  environment: string,
  { account, region, caller, unidentified }: Place,
  { examiner, configured }: CliContext,
): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  if (unidentified) return [say.unknown('Who is subscribed: the account is unknown')];
  const found = await examiner.listeners(
    `arn:${partitionOf(caller)}:sns:${region}:${account}:${sharedName(environment)}`,
  );
  if ('unknown' in found) {
    const fix = 'If the topic is your own, look at its subscriptions in the AWS console.';
    return [notExamined(environment, 'Who is subscribed', found, { environment, fix })];
  }
  const { confirmed, subscriptions } = found.known;
  const { file = '', found: inFile } = (await configured({ environment, service: '' })) ?? {};
  const alerts = inFile?.alerts;
  const hears = alerts === undefined || reachOf(subscriptions, alerts).people;
  const audience = audienceOf(subscriptions, [], alerts);
  const isPending = ({ lost, ...one }: Subscription) => !lost && !one.confirmed;
  return [
    confirmed > 0
      ? say.fine(count(confirmed, 'confirmed subscription'))
      : say.problem(
          'Nobody gets the mails: no subscription is confirmed',
          `Click the link in the mail "AWS Notification - Subscription Confirmation". ${RESEND}`,
        ),
    ...(confirmed > 0 && !hears
      ? [
          say.problem(
            `Nobody hears of all keys: no mailbox that ${file} has in alerts for everything is confirmed`,
            `Only critical notices, and those to the owner of a key, may reach somebody. Click the link in the mail "AWS Notification - Subscription Confirmation". ${RESEND}`,
          ),
        ]
      : []),
    ...audience
      .filter(({ lost }) => lost)
      .map(({ endpoint }) =>
        say.problem(
          `${endpoint} is not subscribed, and ${file} has it in alerts`,
          `Deploy, if it is new there. Otherwise it was unsubscribed, or not confirmed in time. ${RESEND}`,
        ),
      ),
    ...audience
      .filter(isPending)
      .map(({ endpoint }) =>
        say.problem(
          `${endpoint} has not confirmed its subscription`,
          `The link in its mail works for two days. ${RESEND}`,
        ),
      ),
  ];
}

/** `aws`, or that of GovCloud or China. */
const partitionOf = (caller: string) => caller.split(':')[1];

/** The schedule of the report or of a key's check. */
export function scheduleDiagnosis(
  thing: string,
  what: string,
  found: Awaited<ReturnType<CliContext['examiner']['schedule']>>,
  environment: string,
): Diagnosis {
  const say = about(thing);
  if ('unknown' in found) return notExamined(thing, `The schedule of ${what}`, found, { environment });
  if (found.known === 'enabled') return say.fine(`The schedule of ${what} is on`);
  return say.problem(
    `The schedule of ${what} is ${found.known}`,
    'Deploy again: schedules are part of the stack.',
  );
}

async function permissions(
  environment: string,
  { account, region, caller, unidentified }: Place,
  { examiner }: CliContext,
): Promise<readonly Diagnosis[]> {
  const say = about(environment);
  if (unidentified) return [say.unknown('What your role may do: who you are is unknown')];
  const arn = `arn:${partitionOf(caller)}:secretsmanager:${region}:${account}:secret:${secretPrefix(environment)}example-AbCdEf`;
  const [needed, reading] = await Promise.all([
    examiner.refused(caller, ACTIONS_ON_SECRETS, { arn, environment }),
    examiner.refused(caller, ['secretsmanager:GetSecretValue'], { arn, environment }),
  ]);
  if ('unknown' in needed)
    return [notExamined(environment, 'What your role may do', needed, { environment })];
  const mayRead = 'known' in reading && reading.known.length === 0;
  return [
    needed.known.length === 0
      ? say.fine('Your role may do what the commands need')
      : say.problem(
          `Your role may not: ${needed.known.join(', ')}`,
          `Attach the policy ${policyName(environment, 'operator')} to it.`,
        ),
    ...(mayRead
      ? [
          say.problem(
            'Your role may read key values (secretsmanager:GetSecretValue)',
            'No command needs that. Take it away from people.',
          ),
        ]
      : []),
  ];
}

async function heldNames(environment: string, { examiner }: CliContext): Promise<readonly Diagnosis[]> {
  const found = await examiner.tombstones(secretPrefix(environment));
  const say = about(environment);
  if ('unknown' in found)
    return [notExamined(environment, 'Names that deleted secrets still hold', found, { environment })];
  return found.known.map((name) =>
    say.problem(
      `${name} is deleted but still holds its name, so a deployment of it would fail`,
      `Restore it (aws secretsmanager restore-secret --secret-id ${name}), or wait until AWS releases the name.`,
    ),
  );
}
