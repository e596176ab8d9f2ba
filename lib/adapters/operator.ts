import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { StoreError } from '../workflows/errors';
import { type GithubRepository, type Place, UNENCRYPTED, WrongRegion } from '../workflows/operator-ports';
import { encrypted } from './aws-encryption';
import { type AwsFailure, awsFailure, denialOf, isSignInFailure } from './aws-failure';
import { watchAnswers } from './aws-last-answer';
import { onFirstCall } from './on-first-call';
import type { Destinations, openOnDemand } from './operator-on-demand';
import { createSecretStore } from './secrets-manager';

export interface OperatorOptions extends Destinations {
  /** @default random UUIDs */
  readonly newToken?: () => string;
}

/** Opens all ports of an operator's commands. No call is made until one is needed, and what few commands use is loaded then. */
export function openOperator(options: OperatorOptions) {
  const { aws, anthropicUrl, clock, newToken = randomUUID } = options;
  const secrets = encrypted(new SecretsManagerClient(aws));
  const sts = encrypted(new STSClient(aws));
  const lastAnswer = watchAnswers(secrets, () => clock.now());
  let opened: Promise<ReturnType<typeof openOnDemand>> | undefined;
  const onDemand = () => {
    opened ??= import('./operator-on-demand.ts').then((each) =>
      each.openOnDemand(options, { secrets, lastAnswer }),
    );
    return opened;
  };
  let place: Promise<Place> | undefined;
  return {
    clock,
    newToken,
    store: createSecretStore(secrets, clock),
    functions: onFirstCall(async () => (await onDemand()).functions),
    probe: onFirstCall(async () => (await onDemand()).probe),
    trail: onFirstCall(async () => (await onDemand()).trail),
    evidenceLog: onFirstCall(async () => (await onDemand()).evidenceLog),
    examiner: onFirstCall(async () => (await onDemand()).examiner),
    async signIn() {
      await sts.config.credentials();
    },
    place() {
      place ??= whereAmI({
        ...{ aws, sts, secrets },
        endpoint: () => lastAnswer().endpoint,
        anthropic: new URL(anthropicUrl).host,
      });
      return place;
    },
    issues: (repository: GithubRepository) =>
      onFirstCall(async () =>
        (await import('./github-issues.ts')).createGithubIssues({
          ...repository,
          fetch: options.fetch,
          clock,
        }),
      ),
    writeFile: (path: string, text: string) => writeFile(path, text, { mode: 0o600 }),
    readFile: (path: string) => readFile(path, 'utf8'),
  };
}

interface Asked {
  readonly aws: object;
  readonly sts: STSClient;
  readonly secrets: SecretsManagerClient;
  readonly endpoint: () => string | undefined;
  readonly anthropic: string;
}

async function whereAmI({ aws, sts, secrets, endpoint, anthropic }: Asked): Promise<Place> {
  const region = await secrets.config.region();
  const host = () => endpoint() ?? secrets.config.endpointProvider({ Region: region }).url.host;
  await sts.config.credentials().catch((error: unknown) => Promise.reject(signedOut(error)));
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account!, caller: Arn!, region, endpoint: host(), anthropic };
  } catch (error) {
    const failure = awsFailure(error);
    await refuseRegion(region, failure, aws);
    if (isSignInFailure(failure)) throw signedOut(error);
    if (failure.message.includes(UNENCRYPTED)) throw error;
    // STS needs no permission for this, but a network may lead to Secrets Manager alone.
    const unidentified = failure.message;
    return { account: 'unknown', caller: 'unknown', unidentified, region, endpoint: host(), anthropic };
  }
}

/** Nobody is signed in, or the role of the profile does not admit whoever is. */
function signedOut(error: unknown): Error {
  // Of a role that was assumed to get here.
  if (error instanceof StoreError || error instanceof WrongRegion) return error;
  const failure = awsFailure(error);
  return new StoreError('denied', failure.message, denialOf(failure, { action: 'sts:AssumeRole' }));
}

const UNKNOWN_HOST = /ENOTFOUND|EAI_AGAIN/;

/** What AWS answers in a region that an account has not enabled: it knows no credentials of that account there. */
const UNKNOWN_CALLER = new Set(['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure']);

/**
 * A region that does not exist looks like a machine without a network, and one that is not enabled like credentials that AWS does not know. So where it
 * may be the region, the partition's first one is asked who calls. @throws WrongRegion if that one answers
 */
async function refuseRegion(region: string, { code, message }: AwsFailure, aws: object): Promise<void> {
  const isUnknown = UNKNOWN_HOST.test(message);
  if (!isUnknown && !UNKNOWN_CALLER.has(code)) return;
  const elsewhere = firstRegion(region);
  if (elsewhere === region) return;
  try {
    await encrypted(new STSClient({ ...aws, region: elsewhere })).send(new GetCallerIdentityCommand({}));
  } catch {
    return;
  }
  throw new WrongRegion(
    isUnknown
      ? `There is no region ${region} that can be reached from here: its hosts are not known (${message}), and AWS answers in ${elsewhere}.`
      : `AWS takes these credentials in ${elsewhere} and not in ${region}: the account has not enabled that region, or they are of a session from the global endpoint of STS, which is not valid there.`,
  );
}

/** A region that every account of a partition has. */
function firstRegion(region: string): string {
  const [, first = 'us-east-1'] = FIRST_REGIONS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return first;
}

const FIRST_REGIONS = [
  ['cn-', 'cn-north-1'],
  ['us-gov-', 'us-gov-west-1'],
  ['eusc-', 'eusc-de-east-1'],
] as const;
