import { AwsError } from '../aws-error';
import { attachLabels, detachLabel } from './labels';
import { rescheduled } from './schedule';
import type { SecretsManagerSettings } from './settings';
import { type Content, holderOf, type Secret, type Version, versionOf } from './state';

const MOST_VERSIONS = 100;

/** Reads SecretString or SecretBinary of a request; exactly one may be given. */
export function contentOf(input: { SecretString?: string; SecretBinary?: string }): Content | undefined {
  if (input.SecretString !== undefined && input.SecretBinary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (input.SecretString !== undefined) return { text: input.SecretString };
  return input.SecretBinary === undefined ? undefined : { base64: input.SecretBinary };
}

/**
 * Puts a value in under a token. The same token with the same content changes nothing, with other content it is refused; the
 * empty version of a rotation is filled. Without labels the version becomes current. Source: PutSecretValue API reference.
 */
export function putVersion(
  secret: Secret,
  put: { readonly token: string; readonly content: Content; readonly labels: readonly string[] | undefined },
  now: Date,
  abandonedBy: SecretsManagerSettings['rotationAbandonedBy'] = 'current',
): Secret {
  const existing = versionOf(secret, put.token);
  if (existing?.content) {
    if (sameContent(existing.content, put.content)) return secret;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${put.token} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const filled: Version = existing
    ? { ...existing, content: put.content }
    : { id: put.token, createdAt: now, content: put.content, labels: [] };
  const versions = existing
    ? secret.versions.map((version) => (version === existing ? filled : version))
    : [...secret.versions, filled];
  if (versions.length > MOST_VERSIONS) {
    throw new AwsError('LimitExceededException', `A secret can have at most ${MOST_VERSIONS} versions.`);
  }
  const first = !holderOf(secret, 'AWSCURRENT');
  const wanted = put.labels ?? ['AWSCURRENT'];
  const labels = first && !wanted.includes('AWSCURRENT') ? [...wanted, 'AWSCURRENT'] : wanted;
  const after = attachLabels({ ...secret, versions, changedAt: now }, put.token, labels, now);
  const becomesCurrent = labels.includes('AWSCURRENT');
  const abandoning = becomesCurrent || abandonedBy === 'any-put';
  const settled = abandoning ? abandonRotation(after, put.token, now) : after;
  return becomesCurrent ? rescheduled(settled, now) : settled;
}

/** Takes AWSPENDING off every other version, "to allow future rotations to succeed": CloudTrail calls it RotationAbandoned. */
function abandonRotation(secret: Secret, put: string, now: Date): Secret {
  const pending = holderOf(secret, 'AWSPENDING');
  return pending && pending.id !== put ? detachLabel(secret, 'AWSPENDING', now) : secret;
}

function sameContent(a: Content, b: Content): boolean {
  return 'text' in a ? 'text' in b && a.text === b.text : 'base64' in b && a.base64 === b.base64;
}
