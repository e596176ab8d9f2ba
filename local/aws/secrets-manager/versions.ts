import { z } from 'zod';
import { AwsError } from '../aws-error';
import { type Operations, operation } from '../operation';
import { liveSecret, notDeleted, seconds } from './guards';
import { page } from './paging';
import { contentOf, putVersion } from './put';
import { label, labels, maxResults, nextToken, secretId, token, value } from './shapes';
import { moveStage } from './stage';
import { holderOf, type Secret, versionOf } from './state';
import type { Vault } from './vault';

/** The operations on versions: read, put, list, and move labels. */
export function versionOperations(vault: Vault): Operations {
  return {
    GetSecretValue: operation(
      z.strictObject({ SecretId: secretId, VersionId: token.optional(), VersionStage: label.optional() }),
      (input) => readValue(notDeleted(vault.view(input.SecretId)), input.VersionId, input.VersionStage),
    ),
    PutSecretValue: operation(
      z.strictObject({
        SecretId: secretId,
        ClientRequestToken: token,
        VersionStages: labels.optional(),
        ...value,
      }),
      (input) => {
        const content = contentOf(input);
        if (!content)
          throw new AwsError(
            'InvalidRequestException',
            'You must provide either SecretString or SecretBinary.',
          );
        const put = { token: input.ClientRequestToken, content, labels: input.VersionStages };
        const before = liveSecret(vault, input.SecretId);
        const secret = putVersion(before, put, vault.clock.now(), vault.settings.rotationAbandonedBy);
        if (secret !== before) vault.write(secret);
        const version = versionOf(secret, put.token)!;
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.labels };
      },
    ),
    UpdateSecretVersionStage: operation(
      z.strictObject({
        SecretId: secretId,
        VersionStage: label,
        MoveToVersionId: token.optional(),
        RemoveFromVersionId: token.optional(),
      }),
      (input) => {
        const now = vault.clock.now();
        const secret = moveStage(
          liveSecret(vault, input.SecretId),
          { label: input.VersionStage, to: input.MoveToVersionId, from: input.RemoveFromVersionId },
          now,
        );
        vault.write({ ...secret, changedAt: now });
        return { ARN: secret.arn, Name: secret.name };
      },
    ),
    ListSecretVersionIds: operation(
      z.strictObject({
        SecretId: secretId,
        MaxResults: maxResults,
        NextToken: nextToken,
        IncludeDeprecated: z.boolean().default(false),
      }),
      (input) => {
        const secret = vault.view(input.SecretId);
        const shown = secret.versions.filter(
          (version) => input.IncludeDeprecated || version.labels.length > 0,
        );
        const { rows, next } = page(shown, (version) => version.id, input.MaxResults, input.NextToken);
        return {
          ARN: secret.arn,
          Name: secret.name,
          NextToken: next,
          Versions: rows.map((version) => ({
            VersionId: version.id,
            VersionStages: version.labels.length > 0 ? version.labels : undefined,
            CreatedDate: seconds(version.createdAt),
          })),
        };
      },
    ),
  };
}

function readValue(secret: Secret, id: string | undefined, stage: string | undefined): object {
  const byId = id === undefined ? undefined : versionOf(secret, id);
  const version = id === undefined ? holderOf(secret, stage ?? 'AWSCURRENT') : byId;
  if (version && id !== undefined && stage !== undefined && !version.labels.includes(stage)) {
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  if (!version?.content) {
    const what = id === undefined ? `staging label: ${stage ?? 'AWSCURRENT'}` : `VersionId: ${id}`;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: version.labels.length > 0 ? version.labels : undefined,
    CreatedDate: seconds(version.createdAt),
    SecretString: 'text' in version.content ? version.content.text : undefined,
    SecretBinary: 'base64' in version.content ? version.content.base64 : undefined,
  };
}
