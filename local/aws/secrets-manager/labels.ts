import { AwsError } from '../aws-error';
import { holderOf, type Secret, type Version } from './state';

/** Quota "Labels attached across all versions of a secret", AWS's own labels included. */
const MOST_LABELS = 20;

/**
 * Puts labels on one version; each silently leaves the version that had it. When AWSCURRENT moves, AWSPREVIOUS goes to the
 * version it left. Source: API reference of PutSecretValue and UpdateSecretVersionStage.
 */
export function attachLabels(
  secret: Secret,
  versionId: string,
  labels: readonly string[],
  now: Date,
): Secret {
  const left = labels.includes('AWSCURRENT') ? holderOf(secret, 'AWSCURRENT') : undefined;
  const previous = left && left.id !== versionId ? left.id : undefined;
  const versions = secret.versions.map((version) => {
    const taken = new Set(previous === undefined ? labels : [...labels, 'AWSPREVIOUS']);
    const kept = version.labels.filter((label) => !taken.has(label));
    if (version.id === versionId) return relabel(version, [...kept, ...new Set(labels)], now);
    return relabel(version, version.id === previous ? [...kept, 'AWSPREVIOUS'] : kept, now);
  });
  const count = versions.reduce((sum, version) => sum + version.labels.length, 0);
  if (count > MOST_LABELS) {
    throw new AwsError(
      'LimitExceededException',
      `The request would attach ${count} staging labels to the secret; the limit is ${MOST_LABELS}.`,
    );
  }
  return { ...secret, versions };
}

/** Takes a label off whichever version has it. */
export function detachLabel(secret: Secret, label: string, now: Date): Secret {
  const versions = secret.versions.map((version) =>
    version.labels.includes(label)
      ? relabel(
          version,
          version.labels.filter((other) => other !== label),
          now,
        )
      : version,
  );
  return { ...secret, versions };
}

function relabel(version: Version, labels: readonly string[], now: Date): Version {
  const same =
    labels.length === version.labels.length && labels.every((label) => version.labels.includes(label));
  if (same) return version;
  return { ...version, labels, deprecatedAt: labels.length === 0 ? now : undefined };
}
