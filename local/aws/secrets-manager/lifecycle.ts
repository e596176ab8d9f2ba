import { z } from 'zod';
import { DAY } from '../../../lib/domain/time';
import { AwsError } from '../aws-error';
import { type Operations, operation } from '../operation';
import { liveSecret, seconds } from './guards';
import { contentOf, putVersion } from './put';
import { oneSecret, secretId, secretName, tagList, token, value } from './shapes';
import { type Secret, versionOf } from './state';
import { withTags } from './tags';
import type { Vault } from './vault';

const about = { Description: z.string().max(2048).optional(), KmsKeyId: z.string().max(2048).optional() };

/** Birth, edits of the whole, death and resurrection of secrets. */
export function lifecycleOperations(vault: Vault): Operations {
  return {
    CreateSecret: operation(
      z.strictObject({
        Name: secretName,
        ClientRequestToken: token,
        Tags: tagList.default([]),
        ...about,
        ...value,
      }),
      (input) => {
        const now = vault.clock.now();
        const existing = vault.find(input.Name);
        if (existing?.deleted) {
          throw new AwsError(
            'InvalidRequestException',
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
        }
        const content = contentOf(input);
        if (existing && content && versionOf(existing, input.ClientRequestToken)) {
          putVersion(existing, { token: input.ClientRequestToken, content, labels: undefined }, now);
          return { ARN: existing.arn, Name: existing.name, VersionId: input.ClientRequestToken };
        }
        if (existing) {
          throw new AwsError(
            'ResourceExistsException',
            `The operation failed because the secret ${input.Name} already exists.`,
          );
        }
        const tags = withTags({}, input.Tags);
        const empty: Secret = {
          arn: vault.newArn(input.Name),
          name: input.Name,
          description: input.Description,
          kmsKeyId: input.KmsKeyId,
          createdAt: now,
          changedAt: now,
          tags,
          versions: [],
        };
        const put = content && { token: input.ClientRequestToken, content, labels: undefined };
        const secret = vault.write(put ? putVersion(empty, put, now) : empty);
        return { ARN: secret.arn, Name: secret.name, VersionId: put?.token };
      },
    ),
    UpdateSecret: operation(
      z.strictObject({ SecretId: secretId, ClientRequestToken: token, ...about, ...value }),
      (input) => {
        const now = vault.clock.now();
        const content = contentOf(input);
        const before = liveSecret(vault, input.SecretId);
        const put = content && { token: input.ClientRequestToken, content, labels: undefined };
        const secret = put ? putVersion(before, put, now) : before;
        const edited = input.Description !== undefined || input.KmsKeyId !== undefined;
        if (edited || secret !== before) {
          vault.write({
            ...secret,
            description: input.Description ?? secret.description,
            kmsKeyId: input.KmsKeyId ?? secret.kmsKeyId,
            changedAt: now,
          });
        }
        return { ARN: secret.arn, Name: secret.name, VersionId: put?.token };
      },
    ),
    DeleteSecret: operation(
      z.strictObject({
        SecretId: secretId,
        RecoveryWindowInDays: z.int().optional(),
        ForceDeleteWithoutRecovery: z.boolean().optional(),
      }),
      (input) => remove(vault, input),
    ),
    RestoreSecret: operation(oneSecret, (input) => {
      const secret = vault.get(input.SecretId);
      vault.write({ ...secret, deleted: undefined });
      return { ARN: secret.arn, Name: secret.name };
    }),
  };
}

/** The name stays reserved until the recovery window is over. */
function remove(
  vault: Vault,
  input: { SecretId: string; RecoveryWindowInDays?: number; ForceDeleteWithoutRecovery?: boolean },
): object {
  const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force = false } = input;
  if (force && input.RecoveryWindowInDays !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days < 7 || days > 30) {
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  const now = vault.clock.now();
  const secret = force ? vault.get(input.SecretId) : liveSecret(vault, input.SecretId);
  const purgeAt = new Date(now.getTime() + (force ? 0 : days * DAY));
  if (force) vault.remove(secret.name);
  else vault.write({ ...secret, deleted: { at: now, purgeAt } });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(purgeAt) };
}
