import { setTimeout } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PEOPLE_POLICIES, type PeoplePolicy, policyName, sharedName } from '../../lib/contract/names';
import type { ProofAccount } from './proof-account';

/** AWS as somebody sees it who has one of the environment's policies, and nothing else. */
export interface PersonWithPolicy {
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly secrets: SecretsManagerClient;
}

interface Assumed {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
  };
}

const roleName = ({ environment }: ProofAccount, policy: PeoplePolicy) =>
  `${sharedName(environment)}-proof-${policy}`;

const policyArn = ({ accountId, environment }: ProofAccount, policy: PeoplePolicy) =>
  `arn:aws:iam::${accountId}:policy/${policyName(environment, policy)}`;

/** Works as somebody with one policy, by a role that is made for it and removed again. */
export async function withPolicy<T>(
  account: ProofAccount,
  policy: PeoplePolicy,
  work: (person: PersonWithPolicy) => Promise<T>,
): Promise<T> {
  const { aws, accountId, region, env } = account;
  const role = roleName(account, policy);
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' }],
  };
  const named = ['--role-name', role] as const;
  try {
    const document = JSON.stringify(trust);
    await aws('iam', 'create-role', ...named, '--assume-role-policy-document', document);
    await aws('iam', 'attach-role-policy', ...named, '--policy-arn', policyArn(account, policy));
    const { Credentials } = await eventually(() =>
      aws<Assumed>(
        ...(['sts', 'assume-role', '--role-arn', `arn:aws:iam::${accountId}:role/${role}`] as const),
        ...['--role-session-name', 'proof'],
      ),
    );
    const config = {
      region,
      ...(env.AWS_ENDPOINT_URL && { endpoint: env.AWS_ENDPOINT_URL }),
      credentials: {
        accessKeyId: Credentials.AccessKeyId,
        secretAccessKey: Credentials.SecretAccessKey,
        sessionToken: Credentials.SessionToken,
      },
    };
    return await work({
      lambda: new LambdaClient(config),
      logs: new CloudWatchLogsClient(config),
      secrets: new SecretsManagerClient(config),
    });
  } finally {
    await removePerson(account, policy);
  }
}

/** Repeats what IAM needs some seconds to know. @throws what the last try threw */
export async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 90_000; ; await setTimeout(5_000))
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
}

/** Removes the role, if it is there: while the policy is attached to it, the stack cannot be removed. */
async function removePerson(account: ProofAccount, policy: PeoplePolicy): Promise<void> {
  const { aws } = account;
  const named = ['--role-name', roleName(account, policy)] as const;
  const unlessGone = (error: Error) => {
    if (!error.message.includes('NoSuchEntity')) throw error;
  };
  await aws('iam', 'detach-role-policy', ...named, '--policy-arn', policyArn(account, policy)).catch(
    unlessGone,
  );
  await aws('iam', 'delete-role', ...named).catch(unlessGone);
}

export async function removePeople(account: ProofAccount): Promise<void> {
  for (const policy of PEOPLE_POLICIES) await removePerson(account, policy);
}
