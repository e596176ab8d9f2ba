import { z } from 'zod';
import { type Operations, operation } from '../operation';
import { seconds } from './guards';
import { page } from './paging';
import { maxResults, nextToken, oneSecret } from './shapes';
import type { Secret } from './state';
import { asTagList } from './tags';
import type { Vault } from './vault';

const filter = z.strictObject({
  Key: z.enum(['name', 'description', 'tag-key', 'tag-value']),
  Values: z.array(z.string().max(512)).min(1).max(10),
});

/** DescribeSecret and ListSecrets: metadata of one and of all. */
export function fleetOperations(vault: Vault): Operations {
  return {
    DescribeSecret: operation(oneSecret, (input) => {
      const secret = vault.view(input.SecretId);
      return { ...metadata(secret), VersionIdsToStages: stages(secret) };
    }),
    ListSecrets: operation(
      z.strictObject({
        MaxResults: maxResults,
        NextToken: nextToken,
        Filters: z.array(filter).max(10).default([]),
        IncludePlannedDeletion: z.boolean().default(false),
      }),
      (input) => {
        const shown = vault
          .viewAll()
          .filter((secret) => input.IncludePlannedDeletion || !secret.deleted)
          .filter((secret) => input.Filters.every((wanted) => matches(secret, wanted)));
        const { rows, next } = page(shown, (secret) => secret.arn, input.MaxResults, input.NextToken);
        return {
          SecretList: rows.map((secret) => ({ ...metadata(secret), SecretVersionsToStages: stages(secret) })),
          NextToken: next,
        };
      },
    ),
  };
}

function metadata(secret: Secret): object {
  const { rotation } = secret;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    LastRotatedDate: seconds(secret.rotatedAt),
    DeletedDate: seconds(secret.deleted?.at),
    Tags: asTagList(secret.tags),
    RotationEnabled: rotation ? rotation.enabled : undefined,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation && {
      AutomaticallyAfterDays: rotation.days,
      ScheduleExpression: rotation.scheduleExpression,
      Duration: rotation.duration,
    },
    NextRotationDate: rotation?.enabled ? seconds(rotation.nextAt) : undefined,
  };
}

/** Versions without labels are deprecated and left out. */
function stages(secret: Secret): Record<string, readonly string[]> {
  return Object.fromEntries(
    secret.versions
      .filter((version) => version.labels.length > 0)
      .map((version) => [version.id, version.labels]),
  );
}

/** Values are prefixes, told apart by case; `!` turns one round. Filters on key and on value need not meet in one tag. */
function matches(secret: Secret, { Key, Values }: z.output<typeof filter>): boolean {
  const fields = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': Object.keys(secret.tags),
    'tag-value': Object.values(secret.tags),
  }[Key];
  return Values.some((value) =>
    value.startsWith('!')
      ? !fields.some((field) => field.startsWith(value.slice(1)))
      : fields.some((field) => field.startsWith(value)),
  );
}
