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

/** A label that is not where the caller believes it is, and a tag too many, come back as a bad parameter. */
const badParameter = (operation: string, message: string): StoreFailure | undefined =>
  operation === 'UpdateSecretVersionStage'
    ? 'conflict'
    : operation === 'TagResource' && /(at most|more than|exceed|limit).*tags/i.test(message)
      ? 'limit'
      : undefined;

/** Turns what the client threw into a `StoreError`, or into a plain error where the request itself was wrong. */
export function storeFailure(operation: string, error: unknown): Error {
  const failure = awsFailure(error);
  const known =
    failure.code === 'InvalidParameterException'
      ? badParameter(operation, failure.message)
      : MEANS[failure.code];
  const meaning = isThrottle(failure)
    ? 'throttled'
    : (known ?? (isDenial(failure) ? 'denied' : isOutage(failure) ? 'unavailable' : undefined));
  const message = `${operation}: ${failure.message}`;
  return meaning === undefined ? new Error(message) : new StoreError(meaning, message);
}
