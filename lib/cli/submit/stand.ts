import type { ManagedKey } from '../managed-key';

/** What was handed in. */
export interface Mine {
  readonly token: string;
  readonly fingerprint: string;
  /** The version that was live before. */
  readonly before?: string;
  /** No key was accepted before it. */
  readonly first?: boolean;
}

/** How far a submission is. */
export type Stand =
  /** Stored; nobody works on it yet. */
  | { readonly at: 'waiting' }
  /** Secrets Manager's rotation merges and tests it (createSecret, setSecret, testSecret). */
  | { readonly at: 'testing' }
  /** AWSCURRENT has moved; what follows from it is being settled (finishSecret). */
  | { readonly at: 'settling' }
  | { readonly at: 'live' }
  /** `told`: the mail about it is out, and its label gone. */
  | { readonly at: 'refused'; readonly reason: string; readonly told: boolean }
  /** It lost its label and is not live: somebody else replaced it, or refused it. */
  | { readonly at: 'gone' };

/**
 * Tells from labels and memory alone, without reading a value. It is live only when the function that tested it says that the live key has
 * its fingerprint: another submission may have come first.
 */
export function standOf({ memory, ...key }: ManagedKey, { token, fingerprint, before }: Mine): Stand {
  const waits = key.submittedVersion === token;
  if (memory.verdict?.fingerprint === fingerprint && !waits && key.currentVersion === key.acceptedVersion)
    return { at: 'live' };
  if (memory.rejected && token.startsWith(memory.rejected.version))
    return { at: 'refused', reason: memory.rejected.reason, told: !waits };
  const moved = key.currentVersion !== before;
  // While Secrets Manager is at it, nothing tells yet whose key is live.
  if (!waits) return { at: moved || key.rotating ? 'settling' : 'gone' };
  if (key.pendingVersion) return { at: 'testing' };
  return { at: moved ? 'settling' : 'waiting' };
}
