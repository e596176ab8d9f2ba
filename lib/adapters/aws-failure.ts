import { scrub } from '../domain/key';

/** The name under which AWS reports an error, e.g. `ThrottlingException`, and its message without anything that looks like a key. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
  /** HTTP status of the answer; absent where none came. */
  readonly status?: number;
  /** No answer came: the connection broke, or took too long. */
  readonly unanswered: boolean;
}

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Reads whatever an AWS client throws: an answer of a service, or a connection that broke. */
export function awsFailure(error: unknown): AwsFailure {
  const { name = 'Error', message = String(error), code, $metadata } = error as Thrown;
  const status = $metadata?.httpStatusCode;
  return {
    code: name,
    message: scrub(`${name}: ${message}`),
    status,
    // The client puts $metadata on everything it gave up on; Node puts a code on what broke below it.
    unanswered:
      status === undefined && ($metadata !== undefined || code !== undefined || name === 'TimeoutError'),
  };
}

/** True where a later try may succeed: no answer, or one that says that the service is at fault. */
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
