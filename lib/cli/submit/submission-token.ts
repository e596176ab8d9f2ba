import { createHash } from 'node:crypto';
import { LABEL } from '../../contract/labels';
import type { ApiKey } from '../../domain/key';
import { ROTATION_IN_FLIGHT } from '../../domain/rotation/reconcile';
import { elapsed } from '../../domain/time';
import type { CliContext } from '../context';
import type { ManagedKey } from '../managed-key';

/** How often one key may be submitted for one secret, e.g. again after the cause of a refusal was settled. */
const ATTEMPTS = 50;

/** The version ids of all attempts to submit a key for a secret: the same for whoever runs the command again. */
const tokens = (secretArn: string, fingerprint: string) =>
  Array.from({ length: ATTEMPTS }, (_, attempt) =>
    uuidFrom(JSON.stringify([secretArn, fingerprint, attempt])),
  );

/**
 * A version id that the secret never had. An existing one must not be used again: putting the same content under it changes nothing, so a
 * refused version would not get its label back.
 */
export const newSubmission = (secretArn: string, fingerprint: string, existing: readonly string[]) =>
  tokens(secretArn, fingerprint).find((token) => !existing.includes(token))!;

/** Whether this command made a version to submit this key. */
export const isSubmissionOf = (versionId: string, secretArn: string, fingerprint: string) =>
  tokens(secretArn, fingerprint).includes(versionId);

/** A submission of this very key that is not finished, e.g. of an interrupted command. Costs a call only during a rotation. */
export async function submissionUnderWay(
  { fingerprint }: ApiKey,
  { submittedVersion, rotating, secret }: ManagedKey,
  { store, clock }: Pick<CliContext, 'store' | 'clock'>,
): Promise<{ readonly token: string; readonly inProgress: boolean } | undefined> {
  const isOurs = (version: string) => isSubmissionOf(version, secret.arn, fingerprint);
  if (submittedVersion && !isOurs(submittedVersion)) return undefined;
  if (!rotating) return submittedVersion ? { token: submittedVersion, inProgress: false } : undefined;
  const versions = await store.listVersions(secret.arn, { deprecated: true });
  const pending = versions.find(({ labels }) => labels.includes(LABEL.pending));
  // AWS may leave AWSPENDING behind: a rotation that started longer ago is no longer at work.
  const inProgress = pending !== undefined && elapsed(pending.createdAt, clock.now()) < ROTATION_IN_FLIGHT;
  if (submittedVersion) return { token: submittedVersion, inProgress };
  // Between promotion and the end of the rotation a submission has no label, and nothing says yet whose key is live.
  const ours = inProgress ? versions.map(({ id }) => id).find(isOurs) : undefined;
  return ours ? { token: ours, inProgress } : undefined;
}

/** A UUID that looks random but depends only on its seed. */
export function uuidFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
