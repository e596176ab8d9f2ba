import type { Denial } from '../contract/people';
import type { AdminFailure } from './ports';

/** What can go wrong at Secrets Manager, as far as a workflow decides by it. */
export type StoreFailure =
  /** No such secret, version or label. */
  | 'not-found'
  /** A compare-and-swap was lost, or a token was reused with another value. */
  | 'conflict'
  /** A rotation is under way, the secret is marked for deletion, no rotation function is configured. */
  | 'not-now'
  | 'denied'
  | 'throttled'
  /** A limit of the service, such as 20 labels or 50 tags. */
  | 'limit'
  | 'unavailable';

/** A failure of Secrets Manager. The message is the service's, scrubbed of keys. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly failure: StoreFailure,
    message: string,
    /** What was refused, if IAM refused it. */
    readonly denial?: Denial,
  ) {
    super(message);
  }
}

/** A notice could not be published. It stays unsent in memory, and the next check tries again. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/** The error that was answered, without any of its text. */
export interface AdminErrorAnswer {
  readonly status: number;
  readonly code?: string;
  /** It says that the organization has not enabled what was asked for. */
  readonly notEnabled?: boolean;
}

/** A failure of the Admin API. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  constructor(
    readonly failure: AdminFailure,
    message: string,
    /** Absent if no answer arrived, or none that could be read. */
    readonly answer?: AdminErrorAnswer,
  ) {
    super(message);
  }
}

/** Why an operator's command is impossible in the key's present state. */
export type IllegalTransitionName =
  | 'no-such-key'
  | 'several-secrets'
  | 'nothing-retiring'
  | 'which-key'
  | 'key-not-alive'
  | 'key-still-answers'
  | 'live-key'
  | 'home-unknown'
  | 'too-long'
  | 'too-late'
  | 'sooner'
  | 'changed'
  | 'another-submission-waits'
  | 'too-many-retiring'
  | 'already-managed'
  | 'not-a-key'
  | 'no-admin-access'
  | 'refused';

/** A named refusal. The message tells the operator what is possible instead. Nothing was changed. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
  constructor(
    readonly transition: IllegalTransitionName,
    message: string,
  ) {
    super(message);
  }
}
