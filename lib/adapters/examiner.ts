import { GetRoleCommand, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeSecretCommand,
  paginateListSecrets,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import { releaseIn, reportSchedule } from '../contract/release';
import type { Examiner, Known } from '../workflows/operator-ports';
import type { Fetch } from './anthropic-client';
import { type AwsFailure, awsFailure, denialOf, isDenial, isSignInFailure } from './aws-failure';
import type { LastAnswer } from './aws-last-answer';
import { subscriptionsOf } from './sns';

/** The clients that the examiner uses. */
interface ExaminerClients {
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly scheduler: SchedulerClient;
  readonly iam: IAMClient;
  readonly lastAnswer: () => LastAnswer;
  /** Base URL of Anthropic's API. */
  readonly anthropicUrl: string;
  /** For requests to Anthropic. @default the global `fetch` */
  readonly fetch?: Fetch;
}

/** Examines the deployment around the secrets by calls that change nothing. */
export function createExaminer(use: ExaminerClients): Examiner {
  return {
    async clockAhead() {
      const { clockAhead } = use.lastAnswer();
      return clockAhead === undefined
        ? { unknown: 'no answer of AWS had a Date header' }
        : { known: clockAhead };
    },
    refused: (caller, actions, { arn, environment }) =>
      examine('iam:SimulatePrincipalPolicy', async () => {
        const { EvaluationResults = [] } = await use.iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: await principal(caller, use.iam),
            ActionNames: [...actions],
            ResourceArns: [arn],
            // The simulation reads no tags: without this, every policy with a condition on the tag would seem to refuse.
            ContextEntries: [
              {
                ContextKeyName: `aws:ResourceTag/${ENVIRONMENT_TAG}`,
                ContextKeyType: 'string',
                ContextKeyValues: [environment],
              },
            ],
          }),
        );
        return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').map(
          ({ EvalActionName }) => EvalActionName!,
        );
      }),
    listeners: (topicArn) =>
      examine('sns:GetTopicAttributes', async () => {
        const { Attributes } = await use.sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
        return {
          confirmed: Number(Attributes?.SubscriptionsConfirmed ?? 0),
          subscriptions: await subscriptionsOf(topicArn, use.sns),
        };
      }),
    function: (name) =>
      examine(
        'lambda:InvokeFunction',
        async () => {
          await use.lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' }));
          return 'invocable' as const;
        },
        missingOrDenied,
      ),
    schedule: (GroupName, Name) =>
      examine(
        'scheduler:GetSchedule',
        async () => {
          const { State } = await use.scheduler.send(new GetScheduleCommand({ GroupName, Name }));
          return State === 'ENABLED' ? ('enabled' as const) : ('disabled' as const);
        },
        missing,
      ),
    release: (environment) =>
      examine('scheduler:GetSchedule', async () => {
        const { group: GroupName, name: Name } = reportSchedule(environment);
        const { Description } = await use.scheduler.send(new GetScheduleCommand({ GroupName, Name }));
        return releaseIn(Description);
      }),
    tombstones: (prefix) =>
      examine('secretsmanager:ListSecrets', async () => {
        const names: string[] = [];
        const pages = paginateListSecrets(
          { client: use.secrets, pageSize: 100 },
          { IncludePlannedDeletion: true, Filters: [{ Key: 'name', Values: [prefix] }] },
        );
        for await (const page of pages)
          for (const { DeletedDate, Name } of page.SecretList ?? []) if (DeletedDate) names.push(Name!);
        return names;
      }),
    brokenReplicas: (secretId) =>
      examine('secretsmanager:DescribeSecret', async () => {
        const { ReplicationStatus = [] } = await use.secrets.send(
          new DescribeSecretCommand({ SecretId: secretId }),
        );
        return ReplicationStatus.filter(({ Status }) => Status !== 'InSync').map(({ Region }) => Region!);
      }),
    anthropic: () => reach(use.anthropicUrl, use.fetch),
  };
}

/** The role of a session, because IAM simulates only roles and users. A session's ARN lacks the role's path, so IAM is asked. */
async function principal(caller: string, iam: IAMClient): Promise<string> {
  const RoleName = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  if (RoleName === undefined) return caller;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Role!.Arn!;
}

/**
 * A result, or why there is none: one refused call must not end the others. `meaning` may turn an error into a result (not found → `missing`).
 * `action`: what IAM is asked.
 */
async function examine<T, M = never>(
  action: string,
  call: () => Promise<T>,
  meaning: (failure: AwsFailure) => M | undefined = () => undefined,
): Promise<Known<T | M>> {
  try {
    return { known: await call() };
  } catch (error) {
    const failure = awsFailure(error);
    const known = meaning(failure);
    // Further lines of the SDK only explain how to debug an unreadable answer.
    if (known !== undefined) return { known };
    const denial = denialOf(failure, { action });
    return { unknown: failure.message.split('\n')[0]!, ...(denial && { denial }) };
  }
}

const missing = ({ code }: AwsFailure) =>
  code === 'ResourceNotFoundException' ? ('missing' as const) : undefined;

const missingOrDenied = (failure: AwsFailure) =>
  missing(failure) ?? (isDenial(failure) && !isSignInFailure(failure) ? ('denied' as const) : undefined);

/** Any answer counts: without a key it is a refusal. `answers-bare`: without the headers that Anthropic adds to each. */
async function reach(baseUrl: string, ask: Fetch = fetch): ReturnType<Examiner['anthropic']> {
  try {
    const answer = await ask(new URL('/v1/models', baseUrl), {
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    await answer.body?.cancel().catch(() => undefined);
    const names = [...answer.headers.keys()];
    const isSigned = names.some((name) => name === 'request-id' || name.startsWith('anthropic-'));
    return { known: isSigned ? 'answers' : 'answers-bare' };
  } catch {
    return { known: 'does-not-answer' };
  }
}
