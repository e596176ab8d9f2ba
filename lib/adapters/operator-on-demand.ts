import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Clock } from '../workflows/ports';
import type { Fetch } from './anthropic-client';
import { createKeyProbe } from './anthropic-probe';
import { encrypted } from './aws-encryption';
import type { LastAnswer } from './aws-last-answer';
import { createTrailReader } from './cloudtrail';
import { createEvidenceLog } from './evidence-log';
import { createExaminer } from './examiner';
import { createDeployedFunctions } from './lambda';

/** Where an operator's calls go. */
export interface Destinations {
  /** Options for every AWS client: profile, region, endpoint. */
  readonly aws: object;
  /** Base URL of Anthropic; https, or loopback. */
  readonly anthropicUrl: string;
  /** For requests to Anthropic. @default the global `fetch` */
  readonly fetch?: Fetch;
  readonly clock: Clock;
}

/** What the ports share with those that every command uses. */
interface Shared {
  readonly secrets: SecretsManagerClient;
  readonly lastAnswer: () => LastAnswer;
}

/** Opens the ports of an operator that few commands use. They are loaded together, and only if one of them is called. */
export function openOnDemand(
  { aws, anthropicUrl, fetch, clock }: Destinations,
  { secrets, lastAnswer }: Shared,
) {
  const lambda = encrypted(new LambdaClient(aws));
  const sns = encrypted(new SNSClient(aws));
  const scheduler = encrypted(new SchedulerClient(aws));
  const iam = encrypted(new IAMClient(aws));
  return {
    functions: createDeployedFunctions(lambda),
    probe: createKeyProbe({ baseURL: anthropicUrl, fetch, clock }),
    trail: createTrailReader(encrypted(new CloudTrailClient(aws)), clock),
    evidenceLog: createEvidenceLog(encrypted(new CloudWatchLogsClient(aws)), clock),
    examiner: createExaminer({ secrets, lambda, sns, scheduler, iam, lastAnswer, anthropicUrl, fetch }),
  };
}
