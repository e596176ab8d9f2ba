import type { Denial } from '../contract/people';
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

/** What the SDK says of an answer that it cannot parse, with the parser's complaint and advice to programmers. */
const FOREIGN = /Deserialization error: |XML parse error/;

const NOT_OF_AWS =
  'The answer is not one that AWS gives: perhaps a login page on the way, or an emulator that does not know the call';

/** Reads any error of an AWS client: an answer of a service, or a failed connection. */
export function awsFailure(error: unknown): AwsFailure {
  const { name = 'Error', message = String(error), code, $metadata } = error as Thrown;
  const status = $metadata?.httpStatusCode;
  return {
    code: name,
    message: FOREIGN.test(message) ? NOT_OF_AWS : scrub(name === 'Error' ? message : `${name}: ${message}`),
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

/** IAM, or a policy of the resource, refuses an action to a caller who is known. */
const REFUSALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'KMSAccessDeniedException',
]);

/** The caller is not known: no credentials, or none that AWS takes. */
const SIGN_IN_FAILURES = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

export const isThrottle = ({ code }: AwsFailure) => THROTTLES.has(code);

/** Whether nobody is signed in, so that every other call fails alike. */
export const isSignInFailure = ({ code }: AwsFailure) => SIGN_IN_FAILURES.has(code);

export const isDenial = ({ code, status }: AwsFailure) =>
  REFUSALS.has(code) || SIGN_IN_FAILURES.has(code) || status === 403;

/**
 * What IAM refused, in the words of its message, else what was `asked`. Undefined for any other failure. Source of the wording: "Troubleshoot
 * access denied error messages" in the guide of IAM.
 */
export function denialOf(failure: AwsFailure, asked: Denial): Denial | undefined {
  if (!isDenial(failure) || isSignInFailure(failure)) return undefined;
  const { message } = failure;
  if (failure.code === 'KMSAccessDeniedException' || /access to kms is not allowed/i.test(message))
    return { action: 'kms:Decrypt', resource: asked.resource };
  const [, action = asked.action] = /not authorized to perform:? ([\w-]+:\w+)/.exec(message) ?? [];
  const [, named] = /\bon resource: "?(arn:[^\s",]+)/.exec(message) ?? [];
  const [, ruledOutBy] =
    /\bwith an explicit deny in an? ([\w -]+? policy|permissions boundary)/.exec(message) ??
    /\bbecause no ((?!identity-based)[\w -]+? policy|permissions boundary) allows/.exec(message) ??
    [];
  const resource = named ?? asked.resource;
  return { action, ...(resource && { resource }), ...(ruledOutBy && { ruledOutBy }) };
}

/**
 * Why a source of evidence cannot be read now: an audit says so and goes on. `action`: what IAM is asked, such as `logs:FilterLogEvents`.
 * @throws Error for any other failure, which is a fault of ours
 */
export function unreadable(action: string, error: unknown): Unreadable {
  const failure = awsFailure(error);
  const because = (why: Unreadable['why']) => ({ readable: false, why, error: failure.message }) as const;
  const denial = denialOf(failure, { action });
  if (isDenial(failure)) return { ...because('denied'), ...(denial && { denial }) };
  if (isThrottle(failure)) return because('throttled');
  if (isOutage(failure)) return because('unavailable');
  throw new Error(`${action.split(':').at(-1)}: ${failure.message}`);
}
