import { scrub } from '../domain/key';
import type { Unreadable } from '../workflows/ports';

/** An AWS error with its code, e.g. `ThrottlingException`, and its message, scrubbed of keys. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
  /** HTTP status; absent if no answer came. */
  readonly status?: number;
  /** No answer came: the connection failed or timed out. */
  readonly unanswered: boolean;
}

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Reads any error of an AWS client: an answer of a service, or a failed connection. */
export function awsFailure(error: unknown): AwsFailure {
  const { name = 'Error', message = String(error), code, $metadata } = error as Thrown;
  const status = $metadata?.httpStatusCode;
  return {
    code: name,
    message: scrub(`${name}: ${message}`),
    status,
    // The client adds $metadata to every failed call, and Node adds a code to connection errors.
    unanswered:
      status === undefined && ($metadata !== undefined || code !== undefined || name === 'TimeoutError'),
  };
}

/** Whether a later try may succeed: no answer came, or the service is at fault. */
export const isOutage = ({ status = 0, unanswered }: AwsFailure) => unanswered || status >= 500;

const THROTTLES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
]);

const DENIALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'KMSAccessDeniedException',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

export const isThrottle = ({ code }: AwsFailure) => THROTTLES.has(code);

export const isDenial = ({ code, status }: AwsFailure) => DENIALS.has(code) || status === 403;

/** Why a source of evidence cannot be read now: an audit says so and goes on. @throws Error for any other failure, which is a fault of ours */
export function unreadable(operation: string, error: unknown): Unreadable {
  const failure = awsFailure(error);
  const because = (why: Unreadable['why']) => ({ readable: false, why, error: failure.message }) as const;
  if (isDenial(failure)) return because('denied');
  if (isThrottle(failure)) return because('throttled');
  if (isOutage(failure)) return because('unavailable');
  throw new Error(`${operation}: ${failure.message}`);
}
