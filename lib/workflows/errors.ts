import type { AdminFailure } from './ports';

/** What can go wrong at Secrets Manager, told apart as far as a workflow decides by it. */
export type StoreFailure =
  /** No such secret, version or label. */
  | 'not-found'
  /** A compare-and-swap lost, or the same token came with another value. */
  | 'conflict'
  /** A rotation is under way, the secret is marked for deletion, no rotation function is configured. */
  | 'not-now'
  | 'denied'
  | 'throttled'
  /** A limit of the service, such as 20 labels or 50 tags. */
  | 'limit'
  | 'unavailable';

/** An answer of Secrets Manager that a workflow may have to act on. The message is the service's, scrubbed of keys. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly failure: StoreFailure,
    message: string,
  ) {
    super(message);
  }
}

/** A notice that could not be published: it stays unsent in memory and is tried again at the next tick. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/** An answer of the Admin API that is not the one asked for. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  constructor(
    readonly failure: AdminFailure,
    message: string,
  ) {
    super(message);
  }
}

/** What an operator asked for can't be done in the state the key is in. */
export type IllegalTransitionName =
  | 'no-such-key'
  | 'nothing-retiring'
  | 'which-key'
  | 'key-not-alive'
  | 'key-still-answers'
  | 'live-key'
  | 'too-long'
  | 'too-late'
  | 'another-submission-waits'
  | 'too-many-retiring'
  | 'already-managed'
  | 'not-a-key'
  | 'no-admin-access'
  | 'refused';

/** A named refusal, in a sentence for the operator that says what would be possible instead. Nothing was changed. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
  constructor(
    readonly transition: IllegalTransitionName,
    message: string,
  ) {
    super(message);
  }
}
