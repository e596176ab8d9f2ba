import { GetRoleCommand, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeSecretCommand,
  paginateListSecrets,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  GetTopicAttributesCommand,
  paginateListSubscriptionsByTopic,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { Examiner, Known } from '../workflows/operator-ports';
import type { Fetch } from './anthropic-client';
import { type AwsFailure, awsFailure, isDenial } from './aws-failure';
import type { Witness } from './aws-witness';

/** What the examiner looks through. */
export interface Instruments {
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly scheduler: SchedulerClient;
  readonly iam: IAMClient;
  readonly witness: () => Witness;
  /** Base URL of Anthropic's API. */
  readonly anthropicUrl: string;
  /** Takes the requests to Anthropic. @default the runtime's own `fetch` */
  readonly fetch?: Fetch;
}

/** Looks at what surrounds the secrets, by calls that change nothing. */
export function createExaminer(use: Instruments): Examiner {
  return {
    clockAhead() {
      const { clockAhead } = use.witness();
      return clockAhead === undefined ? { unknown: 'no answer of AWS said the time' } : { known: clockAhead };
    },
    refused: (caller, actions, { arn, environment }) =>
      seeing(async () => {
        const { EvaluationResults = [] } = await use.iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: await principal(caller, use.iam),
            ActionNames: [...actions],
            ResourceArns: [arn],
            // The simulation looks at no resource: without this, every policy that asks for the tag would seem to refuse.
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
      seeing(async () => {
        const { Attributes } = await use.sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
        const pending: string[] = [];
        for await (const page of paginateListSubscriptionsByTopic(
          { client: use.sns },
          { TopicArn: topicArn },
        ))
          for (const { SubscriptionArn, Endpoint } of page.Subscriptions ?? [])
            if (SubscriptionArn === 'PendingConfirmation') pending.push(Endpoint!);
        return { confirmed: Number(Attributes?.SubscriptionsConfirmed ?? 0), pending };
      }),
    function: (name) =>
      telling(async () => {
        await use.lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' }));
        return 'invocable' as const;
      }, missingOrDenied),
    schedule: (GroupName, Name) =>
      telling(async () => {
        const { State } = await use.scheduler.send(new GetScheduleCommand({ GroupName, Name }));
        return State === 'ENABLED' ? ('enabled' as const) : ('disabled' as const);
      }, missing),
    tombstones: (prefix) =>
      seeing(async () => {
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
      seeing(async () => {
        const { ReplicationStatus = [] } = await use.secrets.send(
          new DescribeSecretCommand({ SecretId: secretId }),
        );
        return ReplicationStatus.filter(({ Status }) => Status !== 'InSync').map(({ Region }) => Region!);
      }),
    anthropic: () => knock(use.anthropicUrl, use.fetch),
  };
}

/** The role behind a session: IAM simulates roles and users. The session's ARN lacks the path, which roles of Identity Center have. */
async function principal(caller: string, iam: IAMClient): Promise<string> {
  const RoleName = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  if (RoleName === undefined) return caller;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Role!.Arn!;
}

/** What a look finds, or why it found nothing: a refused call of one check must not end the others. */
async function seeing<T>(look: () => Promise<T>): Promise<Known<T>> {
  try {
    return { known: await look() };
  } catch (error) {
    return { unknown: firstLine(awsFailure(error)) };
  }
}

/** The SDK explains at length how to look into an answer that it could not read. */
const firstLine = ({ message }: AwsFailure) => message.split('\n')[0]!;

/** Like `seeing`, but `meaning` may turn an error into a result (not found → `missing`). */
async function telling<T, M>(
  look: () => Promise<T>,
  meaning: (failure: AwsFailure) => M | undefined,
): Promise<Known<T | M>> {
  try {
    return { known: await look() };
  } catch (error) {
    const failure = awsFailure(error);
    const known = meaning(failure);
    return known === undefined ? { unknown: firstLine(failure) } : { known };
  }
}

const missing = ({ code }: AwsFailure) =>
  code === 'ResourceNotFoundException' ? ('missing' as const) : undefined;

const missingOrDenied = (failure: AwsFailure) =>
  missing(failure) ?? (isDenial(failure) ? ('denied' as const) : undefined);

/** Any answer will do: without a key it is a refusal. */
async function knock(baseUrl: string, ask: Fetch = fetch): Promise<Known<'answers' | 'does-not-answer'>> {
  try {
    await ask(new URL('/v1/models', baseUrl), { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    return { known: 'answers' };
  } catch {
    return { known: 'does-not-answer' };
  }
}
