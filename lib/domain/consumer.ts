/** Where an application runs that reads a key: it decides how a new key reaches it. */
export const CONSUMER_KINDS = ['ecs', 'lambda', 'kubernetes', 'host', 'other'] as const;

export type ConsumerKind = (typeof CONSUMER_KINDS)[number];

/** An application that reads a key. */
export interface Consumer {
  /** Where it runs. */
  readonly kind: ConsumerKind;
  /** How people call it, without spaces: `chat-frontend`, `prod-cluster/gateway`. */
  readonly name: string;
  /** Minutes until it has a new key by itself, or `restart` if it reads the key only at its start. */
  readonly refresh: number | 'restart';
}
