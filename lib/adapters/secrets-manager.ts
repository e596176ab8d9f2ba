import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  paginateListSecretVersionIds,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretListEntry,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { LABEL } from '../contract/labels';
import { ENVIRONMENT_TAG } from '../contract/policy-tags';
import type { SecretDescription, StoredValue } from '../contract/read-secret';
import { StoreError, type StoreFailure } from '../workflows/errors';
import type { Clock, SecretStore } from '../workflows/ports';
import { awsFailure, denialOf, isDenial, isOutage, isThrottle } from './aws-failure';

type ListFilter = Parameters<SecretStore['list']>[0];

/** Milliseconds before a read by version id is repeated. No jitter is needed: only this run reads this version. */
const RETRY_AFTER = [100, 200, 400];

/** Reads by version id are repeated, because a read right after a write may miss it (aws/aws-sdk-js-v3#7701). */
export function createSecretStore(client: SecretsManagerClient, clock: Clock): SecretStore {
  const read: SecretStore['read'] = (secretId, at = { label: LABEL.current }) =>
    calling('GetSecretValue', async () => {
      if ('versionId' in at && at.mayBeEmpty) return readIfThere(client, secretId, at);
      for (const pause of 'versionId' in at ? RETRY_AFTER : []) {
        const value = await readIfThere(client, secretId, at);
        if (value) return value;
        await clock.sleep(pause);
      }
      const value = await readIfThere(client, secretId, at);
      // A missing value and a missing secret give the same error, so this call fails if it is the secret.
      if (!value) await client.send(new DescribeSecretCommand({ SecretId: secretId }));
      return value;
    });
  return {
    read,
    describe: (secretId) =>
      calling('DescribeSecret', async () => {
        const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
        return description(answer, answer.VersionIdsToStages);
      }),
    listVersions: (secretId, { deprecated = false } = {}) =>
      calling('ListSecretVersionIds', async () => {
        const pages = paginateListSecretVersionIds(
          { client, pageSize: 100 },
          { SecretId: secretId, IncludeDeprecated: deprecated },
        );
        const rows = (await collect(pages)).flatMap((page) => page.Versions ?? []);
        return rows.map((row) => ({
          id: row.VersionId!,
          createdAt: row.CreatedDate!,
          labels: row.VersionStages ?? [],
        }));
      }),
    put: (secretId, { token, value, labels }) =>
      calling('PutSecretValue', async () => {
        if (labels.length === 0) throw new TypeError('A put without labels would make the version current.');
        const put = { ClientRequestToken: token, SecretString: value, VersionStages: [...labels] };
        await client.send(new PutSecretValueCommand({ SecretId: secretId, ...put }));
      }),
    moveLabel: (secretId, { label, to, from }) =>
      calling('UpdateSecretVersionStage', async () => {
        const move = { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from };
        await client.send(new UpdateSecretVersionStageCommand({ SecretId: secretId, ...move }));
      }),
    rotate: (secretId, token) =>
      calling('RotateSecret', async () => {
        await client.send(new RotateSecretCommand({ SecretId: secretId, ClientRequestToken: token }));
      }),
    tag: (secretId, tags) =>
      calling('TagResource', async () => {
        const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await client.send(new TagResourceCommand({ SecretId: secretId, Tags: list }));
      }),
    untag: (secretId, keys) =>
      calling('UntagResource', async () => {
        await client.send(new UntagResourceCommand({ SecretId: secretId, TagKeys: [...keys] }));
      }),
    list: (filter) =>
      calling('ListSecrets', async () => {
        const { tagKey, environment } = filter;
        const Filters = [
          { Key: 'tag-key' as const, Values: [tagKey] },
          ...(environment === undefined ? [] : [{ Key: 'tag-value' as const, Values: [environment] }]),
        ];
        const found: SecretDescription[] = [];
        // Each page as it comes: AWS says five times as much of a secret as is kept.
        for await (const { SecretList = [] } of paginateListSecrets({ client, pageSize: 100 }, { Filters }))
          for (const entry of SecretList) {
            const secret = description(entry, entry.SecretVersionsToStages);
            if (matches(secret, filter)) found.push(secret);
          }
        return found;
      }),
  };
}

/** The exact match: Secrets Manager's filter matches prefixes, and key and value on different tags. */
function matches({ tags }: SecretDescription, { tagKey, environment }: ListFilter): boolean {
  return tags[tagKey] !== undefined && (environment === undefined || tags[ENVIRONMENT_TAG] === environment);
}

function description(
  secret: Partial<DescribeSecretCommandOutput> & SecretListEntry,
  stages: Record<string, string[]> | undefined,
): SecretDescription {
  return {
    arn: secret.ARN!,
    name: secret.Name!,
    createdAt: secret.CreatedDate!,
    tags: Object.fromEntries((secret.Tags ?? []).map(({ Key, Value }) => [Key!, Value ?? ''])),
    stages: stages ?? {},
    rotationEnabled: secret.RotationEnabled ?? false,
    ...(secret.RotationLambdaARN && { rotationFunction: secret.RotationLambdaARN }),
    ...(secret.DeletedDate && { deletedAt: secret.DeletedDate }),
  };
}

async function readIfThere(
  client: SecretsManagerClient,
  secretId: string,
  at: { versionId: string } | { label: string },
): Promise<StoredValue | undefined> {
  const which = 'versionId' in at ? { VersionId: at.versionId } : { VersionStage: at.label };
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId, ...which }));
    const versionId = answer.VersionId!;
    if (answer.SecretString !== undefined) return { versionId, value: answer.SecretString };
    const value = Buffer.from(answer.SecretBinary ?? []).toString('utf8');
    return { versionId, value, binary: true };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function collect<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

async function calling<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw storeFailure(operation, error);
  }
}

/** Meaning of Secrets Manager's errors. Source: the error lists of its API reference. */
const MEANING: Readonly<Record<string, StoreFailure>> = {
  ResourceNotFoundException: 'not-found',
  ResourceExistsException: 'conflict',
  InvalidRequestException: 'not-now',
  DecryptionFailure: 'denied',
  EncryptionFailure: 'denied',
  LimitExceededException: 'limit',
  InternalServiceError: 'unavailable',
};

/** Secrets Manager reports a label that has moved, and one tag too many, as an invalid parameter. */
const badParameter = (operation: string, message: string): StoreFailure | undefined =>
  operation === 'UpdateSecretVersionStage'
    ? 'conflict'
    : operation === 'TagResource' && /(at most|more than|exceed|limit).*tags/i.test(message)
      ? 'limit'
      : undefined;

/** Translates an error into a `StoreError`, or into a plain error if the request itself was wrong. */
function storeFailure(operation: string, error: unknown): Error {
  const failure = awsFailure(error);
  const known =
    failure.code === 'InvalidParameterException'
      ? badParameter(operation, failure.message)
      : MEANING[failure.code];
  const meaning = isThrottle(failure)
    ? 'throttled'
    : (known ?? (isDenial(failure) ? 'denied' : isOutage(failure) ? 'unavailable' : undefined));
  const message = `${operation}: ${failure.message}`;
  const denial = denialOf(failure, { action: `secretsmanager:${operation}` });
  return meaning === undefined ? new Error(message) : new StoreError(meaning, message, denial);
}
