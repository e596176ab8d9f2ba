import { setTimeout } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readAwsSettings } from '../../lib/adapters/aws-settings';
import { LABEL } from '../../lib/contract/labels';
import { run } from './command';

/** An account to deploy to, emulated or real, as somebody with credentials sees it. */
export interface Account {
  readonly region: string;
  /** What programs that reach it are told. */
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly topics: SNSClient;
  readonly queues: SQSClient;
  /** Asks by the `aws` command line, and reads its JSON. */
  aws<Answer>(service: string, operation: string, ...args: readonly string[]): Promise<Answer>;
}

/** Opens the account that the variables lead to. */
export function accountOf(region: string, env: Readonly<Record<string, string>>): Account {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = env;
  const config = endpoint
    ? { region, endpoint, credentials: { accessKeyId: accessKeyId!, secretAccessKey: secret! } }
    : { ...readAwsSettings({}, env, noCode).aws, region };
  return {
    region,
    env,
    secrets: new SecretsManagerClient(config),
    // The SDK's own patience ends before a check that waits for a second answer does.
    lambda: new LambdaClient({ requestHandler: { requestTimeout: 900_000 }, ...config, maxAttempts: 1 }),
    topics: new SNSClient(config),
    queues: new SQSClient({ useQueueUrlAsEndpoint: false, ...config }),
    async aws(service, operation, ...args) {
      // Version 1 of the command line ignores the variable for SQS.
      const where = endpoint ? ['--endpoint-url', endpoint] : [];
      const answer = await run('aws', [service, operation, ...args, '--output', 'json', ...where], { env });
      return JSON.parse(answer || '{}');
    },
  };
}

/** Programs that run here use the same variables, and nobody is asked in them. */
const noCode = async (device: string): Promise<never> => {
  throw new Error(
    `The profile asks for an MFA code of ${device}. Sign in first, and pass on the temporary credentials: eval "$(aws configure export-credentials --format env)"`,
  );
};

/** A secret as DescribeSecret and GetSecretValue show it. */
export interface SeenSecret {
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
  /** Version that each label sits on. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly rotation: { readonly enabled: boolean; readonly functionArn?: string; readonly days?: number };
}

/** Describes a secret. Values stay in this process. */
export async function look({ secrets }: Account, name: string): Promise<SeenSecret> {
  const described = await secrets.send(new DescribeSecretCommand({ SecretId: name }));
  const current = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  return {
    arn: described.ARN!,
    value: current.SecretString ?? '',
    versionId: current.VersionId!,
    labels: Object.fromEntries(
      Object.entries(described.VersionIdsToStages ?? {}).flatMap(([version, stages]) =>
        stages.map((stage) => [stage, version]),
      ),
    ),
    tags: Object.fromEntries((described.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
    rotation: {
      enabled: described.RotationEnabled ?? false,
      functionArn: described.RotationLambdaARN,
      days: described.RotationRules?.AutomaticallyAfterDays,
    },
  };
}

/** Waits until no rotation of the secret is under way any more. @throws Error after two minutes */
export async function settled(account: Account, name: string): Promise<SeenSecret> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await setTimeout(100)) {
    const secret = await look(account, name);
    if (secret.labels[LABEL.pending] === undefined) return secret;
  }
  throw new Error(`A rotation of ${name} did not come to an end.`);
}
