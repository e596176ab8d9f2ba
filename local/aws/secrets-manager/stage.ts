import { AwsError } from '../aws-error';
import { attachLabels, detachLabel } from './labels';
import { holderOf, type Secret, versionOf } from './state';

interface Move {
  readonly label: string;
  readonly to: string | undefined;
  readonly from: string | undefined;
}

/**
 * UpdateSecretVersionStage: a label that sits on another version moves only when that version is named, which makes the call
 * a compare-and-swap. AWSCURRENT can be moved and never be taken off.
 */
export function moveStage(secret: Secret, { label, to, from }: Move, now: Date): Secret {
  if (to === undefined && from === undefined) {
    throw invalid('You must specify MoveToVersionId, RemoveFromVersionId, or both.');
  }
  for (const id of [from, to]) {
    if (id !== undefined && !versionOf(secret, id)) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret version: ${id}`,
      );
    }
  }
  const holder = holderOf(secret, label);
  if (from !== undefined && holder?.id !== from) {
    throw invalid(`The staging label ${label} is not attached to version ${from}.`);
  }
  if (to === undefined) {
    if (label === 'AWSCURRENT') {
      throw invalid(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    return detachLabel(secret, label, now);
  }
  if (holder && holder.id !== to && from === undefined) {
    throw invalid(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  return attachLabels(secret, to, [label], now);
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
