import { AwsError } from '../aws-error';
import type { Secret } from './state';
import type { Vault } from './vault';

/** The secret, for a write. @throws AwsError when it is absent or marked for deletion. */
export const liveSecret = (vault: Vault, secretId: string) => notDeleted(vault.get(secretId));

/** @throws AwsError when the secret is marked for deletion. */
export function notDeleted(secret: Secret): Secret {
  if (!secret.deleted) return secret;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/** Seconds since the epoch with milliseconds, as AWS JSON writes dates. */
export const seconds = (date: Date | undefined) => (date === undefined ? undefined : date.getTime() / 1000);
