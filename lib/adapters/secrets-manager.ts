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
import { awsFailure, isDenial, isOutage, isThrottle } from './aws-failure';

/** Milliseconds before a version that is not found by its id is looked for again. No jitter needed: only this run reads this version. */
const LOOK_AGAIN_AFTER = [100, 200, 400];

/**
 * Secrets Manager behind the port. `client` should retry in SDK standard mode; reads by version id are repeated besides, because a read
 * right after a write may not see it (aws/aws-sdk-js-v3#7701).
 */
export function createSecretStore(client: SecretsManagerClient, clock: Clock): SecretStore {
  const read: SecretStore['read'] = (secretId, at = { label: LABEL.current }) =>
    calling('GetSecretValue', async () => {
      for (const pause of 'versionId' in at ? LOOK_AGAIN_AFTER : []) {
        const value = await readIfThere(client, secretId, at);
        if (value) return value;
        await clock.sleep(pause);
      }
      const value = await readIfThere(client, secretId, at);
      // A missing value and a missing secret are the same error, told apart in its wording only: so ask.
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
        const pages = await collect(paginateListSecrets({ client, pageSize: 100 }, { Filters }));
        return pages
          .flatMap((page) => page.SecretList ?? [])
          .map((entry) => description(entry, entry.SecretVersionsToStages))
          .filter((secret) => wanted(secret, filter));
      }),
  };
}

/** Secrets Manager matches prefixes, and key and value on different tags: the exact match is made here. */
function wanted(
  { tags }: SecretDescription,
  { tagKey, environment }: Parameters<SecretStore['list']>[0],
): boolean {
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
    const value = answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
    return { versionId: answer.VersionId!, value };
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

/** What each error of Secrets Manager means to a workflow. Source: the error lists of its API reference. */
const MEANS: Readonly<Record<string, StoreFailure>> = {
  ResourceNotFoundException: 'not-found',
  ResourceExistsException: 'conflict',
  InvalidRequestException: 'not-now',
  DecryptionFailure: 'denied',
  EncryptionFailure: 'denied',
  LimitExceededException: 'limit',
  InternalServiceError: 'unavailable',
};

/** A label that is not where the caller believes it is, and a tag too many, come back as a bad parameter. */
const badParameter = (operation: string, message: string): StoreFailure | undefined =>
  operation === 'UpdateSecretVersionStage'
    ? 'conflict'
    : operation === 'TagResource' && /(at most|more than|exceed|limit).*tags/i.test(message)
      ? 'limit'
      : undefined;

/** Turns what the client threw into a `StoreError`, or into a plain error where the request itself was wrong. */
function storeFailure(operation: string, error: unknown): Error {
  const failure = awsFailure(error);
  const known =
    failure.code === 'InvalidParameterException'
      ? badParameter(operation, failure.message)
      : MEANS[failure.code];
  const meaning = isThrottle(failure)
    ? 'throttled'
    : (known ?? (isDenial(failure) ? 'denied' : isOutage(failure) ? 'unavailable' : undefined));
  const message = `${operation}: ${failure.message}`;
  return meaning === undefined ? new Error(message) : new StoreError(meaning, message);
}
