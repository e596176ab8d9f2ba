import type { Verb } from '../wording/commands';
import type { FindingKind } from './finding';

export interface Need {
  readonly kind: FindingKind;
  /** The state in at most 16 characters. */
  readonly word: string;
  readonly next: string;
  readonly verb: Verb;
}

const need = (kind: FindingKind, word: string, next: string, verb: Verb): Need => ({
  kind,
  word,
  next,
  verb,
});

/** What needs someone, the worst first. Kinds that are not here need no one. */
export const NEEDS: readonly Need[] = [
  need('dead', 'DEAD', 'put in a new key', 'submit'),
  need('contained', 'LEAKED', 'stop the key, and replace it if it is live', 'show'),
  need('foreign', 'wrong workspace', 'put in a key of the right workspace', 'submit'),
  need('direct-edit-refused', 'bad edit', 'put in a good key', 'submit'),
  need('not-a-key', 'no key', 'ask why, or put in a key', 'submit'),
  need('zombie', 'old key alive', 'switch the old key off', 'show'),
  need('usage-spike', 'usage spike', 'see whether the key has leaked', 'show'),
  need('blocked', 'blocked', 'settle it in the Claude Console', 'show'),
  need('overdue', 'overdue', 'rotate now', 'submit'),
  need('unwatched', 'unwatched', 'find out why it is not checked', 'doctor'),
  need('inconclusive', 'no clear answer', 'look at the network path', 'doctor'),
  need('unproven', 'not proven dead', 'look at the old key in the Console', 'show'),
  need('submission-stuck', 'submission waits', 'see what holds it up', 'doctor'),
  need('awaiting-first-key', 'no key yet', 'create the first key', 'submit'),
  need('grace-over', 'grace is over', 'switch the old key off', 'show'),
  need('expires-soon', 'expires soon', 'rotate before it expires', 'submit'),
  need('due', 'due', 'rotate', 'submit'),
  need('dies-with-its-owner', 'personal key', 'replace it by a service account key', 'submit'),
];
