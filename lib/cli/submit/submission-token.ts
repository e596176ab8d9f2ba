import { createHash } from 'node:crypto';
import { LABEL } from '../../contract/labels';
import type { ApiKey } from '../../domain/key';
import { ROTATION_IN_FLIGHT } from '../../domain/rotation/reconcile';
import { elapsed } from '../../domain/time';
import type { CliContext } from '../context';
import type { ManagedKey } from '../managed-key';

/** How often the same key may be handed in for the same secret, e.g. again after a refusal whose cause was settled. */
const ATTEMPTS = 50;

/** The version id of the nth time that a key is handed in for a secret: whoever runs the command again comes to the same. */
const tokenOf = (secretArn: string, fingerprint: string, attempt: number) =>
  uuidFrom(JSON.stringify([secretArn, fingerprint, attempt]));

const tokens = (secretArn: string, fingerprint: string) =>
  Array.from({ length: ATTEMPTS }, (_, attempt) => tokenOf(secretArn, fingerprint, attempt));

/**
 * A version id that the secret has never had. One that exists is never written again: putting the same content under it changes nothing, so
 * that a version which was refused would not get its label back.
 */
export const newSubmission = (secretArn: string, fingerprint: string, existing: readonly string[]) =>
  tokens(secretArn, fingerprint).find((token) => !existing.includes(token))!;

/** Whether a version was handed in by this command with this key. */
export const isSubmissionOf = (versionId: string, secretArn: string, fingerprint: string) =>
  tokens(secretArn, fingerprint).includes(versionId);

/** A key that was handed in before and is not done with. */
export interface UnderWay {
  /** Its version. */
  readonly token: string;
  /** Secrets Manager is working on it now. */
  readonly inProgress: boolean;
}

/** Whether this very key was handed in before, e.g. by a command that was interrupted. Costs a call only where a rotation is going on. */
export async function submissionUnderWay(
  { fingerprint }: ApiKey,
  { submittedVersion, rotating, secret }: ManagedKey,
  { store, clock }: Pick<CliContext, 'store' | 'clock'>,
): Promise<UnderWay | undefined> {
  const isOurs = (version: string) => isSubmissionOf(version, secret.arn, fingerprint);
  if (submittedVersion && !isOurs(submittedVersion)) return undefined;
  if (!rotating) return submittedVersion ? { token: submittedVersion, inProgress: false } : undefined;
  const versions = await store.listVersions(secret.arn, { deprecated: true });
  const pending = versions.find(({ labels }) => labels.includes(LABEL.pending));
  // A rotation that began longer ago is not at work any more: AWS may leave AWSPENDING where it is.
  const inProgress = pending !== undefined && elapsed(pending.createdAt, clock.now()) < ROTATION_IN_FLIGHT;
  if (submittedVersion) return { token: submittedVersion, inProgress };
  // Between its promotion and the end of the rotation a submission has lost its label, and nothing tells yet whose key is live.
  const ours = inProgress ? versions.map(({ id }) => id).find(isOurs) : undefined;
  return ours ? { token: ours, inProgress } : undefined;
}

/** A random-looking UUID that depends only on its seed: whoever asks again gets the same. */
export function uuidFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
