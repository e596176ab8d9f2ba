import { StoreError, type StoreFailure } from '../workflows/errors';
import { awsFailure, isDenial, isOutage, isThrottle } from './aws-failure';

/** What each error of Secrets Manager means to a workflow. Source: the error lists of its API reference. */
const MEANS: Readonly<Record<string, StoreFailure>> = {
  ResourceNotFoundException: 'not-found',
  ResourceExistsException: 'conflict',
  InvalidRequestException: 'not-now',
  DecryptionFailure: 'denied',
  EncryptionFailure: 'denied',
  LimitExceededException: 'limit',
  InternalServiceError: 'unavailable',
};

/** For UpdateSecretVersionStage: a label that is not where the caller believes it is comes back as a bad parameter. */
const MOVE_MEANS: Readonly<Record<string, StoreFailure>> = {
  ...MEANS,
  InvalidParameterException: 'conflict',
};

/** Turns what the client threw into a `StoreError`, or into a plain error where the request itself was wrong. */
export function storeFailure(operation: string, error: unknown): Error {
  const failure = awsFailure(error);
  const table = operation === 'UpdateSecretVersionStage' ? MOVE_MEANS : MEANS;
  const meaning = isThrottle(failure)
    ? 'throttled'
    : (table[failure.code] ?? (isDenial(failure) ? 'denied' : isOutage(failure) ? 'unavailable' : undefined));
  const message = `${operation}: ${failure.message}`;
  return meaning === undefined ? new Error(message) : new StoreError(meaning, message);
}
