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
