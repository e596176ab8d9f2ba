import type { UnknownReason } from './outcomes';

/** What a body is. Only `envelope`, Anthropic's own JSON error document, can say that a key is dead. */
export type BodyKind = 'envelope' | 'message' | 'token-count' | 'other-json' | 'not-json' | 'empty';

/** A request that got no readable answer. */
export type TransportFault = Extract<
  UnknownReason,
  'network' | 'dns' | 'tls' | 'timeout' | 'unreadable-body' | 'no-time-left'
>;

/** One answer, taken apart. Everything in it is the server's word and may be hostile. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly errorCode?: string;
  /** Only picks a reason within BLOCKED, since its wording may change. */
  readonly message?: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bodyKind: BodyKind;
  /** The `request_id` of an error's body. */
  readonly bodyRequestId?: string;
  /** A message's own `id`, where the body also counts what it used. */
  readonly messageId?: string;
  /** Set where there was no answer, or one that was cut off. */
  readonly transport?: TransportFault;
}
