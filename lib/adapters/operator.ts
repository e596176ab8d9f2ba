import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { StoreError } from '../workflows/errors';
import { type Place, UNENCRYPTED } from '../workflows/operator-ports';
import type { Clock } from '../workflows/ports';
import type { Fetch } from './anthropic-client';
import { createKeyProbe } from './anthropic-probe';
import { encrypted } from './aws-encryption';
import { awsFailure, isSignInFailure } from './aws-failure';
import { watchAnswers } from './aws-last-answer';
import { createTrailReader } from './cloudtrail';
import { createEvidenceLog } from './evidence-log';
import { createExaminer } from './examiner';
import { createDeployedFunctions } from './lambda';
import { createSecretStore } from './secrets-manager';

/** Where an operator's calls go. */
export interface OperatorOptions {
  /** Options for every AWS client: profile, region, endpoint. */
  readonly aws: object;
  /** Base URL of Anthropic; https, or loopback. */
  readonly anthropicUrl: string;
  /** For requests to Anthropic. @default the global `fetch` */
  readonly fetch?: Fetch;
  readonly clock: Clock;
  /** @default random UUIDs */
  readonly newToken?: () => string;
}

/** Opens all ports of an operator's commands. No call is made until one is needed. */
export function openOperator(options: OperatorOptions) {
  const { aws, anthropicUrl, fetch, clock, newToken = randomUUID } = options;
  const secrets = encrypted(new SecretsManagerClient(aws));
  const lambda = encrypted(new LambdaClient(aws));
  const sns = encrypted(new SNSClient(aws));
  const scheduler = encrypted(new SchedulerClient(aws));
  const iam = encrypted(new IAMClient(aws));
  const sts = encrypted(new STSClient(aws));
  const lastAnswer = watchAnswers(secrets, () => clock.now());
  let place: Promise<Place> | undefined;
  return {
    clock,
    newToken,
    store: createSecretStore(secrets, clock),
    functions: createDeployedFunctions(lambda),
    probe: createKeyProbe({ baseURL: anthropicUrl, fetch, clock }),
    trail: createTrailReader(encrypted(new CloudTrailClient(aws)), clock),
    evidenceLog: createEvidenceLog(encrypted(new CloudWatchLogsClient(aws)), clock),
    examiner: createExaminer({ secrets, lambda, sns, scheduler, iam, lastAnswer, anthropicUrl, fetch }),
    async signIn() {
      await sts.config.credentials();
    },
    place() {
      place ??= whereAmI(sts, secrets, () => lastAnswer().endpoint, new URL(anthropicUrl).host);
      return place;
    },
    writeFile: (path: string, text: string) => writeFile(path, text, { mode: 0o600 }),
  };
}

async function whereAmI(
  sts: STSClient,
  secrets: SecretsManagerClient,
  endpoint: () => string | undefined,
  anthropic: string,
): Promise<Place> {
  const signedOut = (error: unknown) => new StoreError('denied', awsFailure(error).message);
  const region = await secrets.config.region();
  const host = () => endpoint() ?? secrets.config.endpointProvider({ Region: region }).url.host;
  await sts.config.credentials().catch((error: unknown) => Promise.reject(signedOut(error)));
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account!, caller: Arn!, region, endpoint: host(), anthropic };
  } catch (error) {
    const failure = awsFailure(error);
    if (isSignInFailure(failure)) throw signedOut(error);
    if (failure.message.includes(UNENCRYPTED)) throw error;
    // STS needs no permission for this, but a network may lead to Secrets Manager alone.
    const unidentified = failure.message;
    return { account: 'unknown', caller: 'unknown', unidentified, region, endpoint: host(), anthropic };
  }
}
