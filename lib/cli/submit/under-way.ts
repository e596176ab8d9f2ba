import { LABEL } from '../../contract/labels';
import type { ApiKey } from '../../domain/api-key';
import { ROTATION_IN_FLIGHT } from '../../domain/reconcile';
import { elapsed } from '../../domain/time';
import type { Desk } from '../desk';
import type { ManagedKey } from '../managed-key';
import { isSubmissionOf } from './submission-token';

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
  { store, clock }: Pick<Desk, 'store' | 'clock'>,
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
