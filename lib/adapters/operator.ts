import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { StoreError } from '../workflows/errors';
import { type Place, UNENCRYPTED } from '../workflows/operator-ports';
import { encrypted } from './aws-encryption';
import { awsFailure, isSignInFailure } from './aws-failure';
import { watchAnswers } from './aws-last-answer';
import { onFirstCall } from './on-first-call';
import type { Destinations, openOnDemand } from './operator-on-demand';
import { createSecretStore } from './secrets-manager';

interface OperatorOptions extends Destinations {
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
      place ??= whereAmI(sts, secrets, () => lastAnswer().endpoint, new URL(anthropicUrl).host);
      return place;
    },
    writeFile: (path: string, text: string) => writeFile(path, text, { mode: 0o600 }),
    readFile: (path: string) => readFile(path, 'utf8'),
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
