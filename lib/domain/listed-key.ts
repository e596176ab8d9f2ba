import type { KeyRef } from './key';
import type { LeakMark, Memory } from './memory';
import type { KeyIdentity, Policy } from './policy';
import type { RetiringVersion } from './secret';

/** A managed secret whose policy tags are damaged: it is kept by defaults and bounds in their place. */
export interface UnreadableSecret {
  readonly environment: string;
  readonly service?: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly owner?: string;
  /** What is wrong with its tags, one sentence each. */
  readonly faults: readonly string[];
}

/** A secret whose tags claim a key, although neither its name nor its rotation is that of the environment. */
export type ClaimedSecret = Omit<KeyIdentity, 'owner'> & {
  /** What its memory tags say of its keys, if it was managed before. Nothing may rest on it. */
  readonly remembers?: { readonly recordId?: string; readonly hints: readonly string[] };
};

/** A managed key as its tags and labels alone show it: no value, and no date of a version. */
export interface ListedKey {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly memory: Memory;
  /** When the secret was created; its key may be younger or older. */
  readonly createdAt: Date;
  readonly rotationEnabled: boolean;
  /** The environment's rotate function rotates it: a deployment manages it. */
  readonly deployed: boolean;
  /** A key was tested and accepted at some time. */
  readonly accepted: boolean;
  /** A key was submitted and is not yet live. */
  readonly submitted: boolean;
  readonly retiring: readonly RetiringVersion[];
  readonly leaks: readonly LeakMark[];
  /** The version with AWSCURRENT. */
  readonly currentVersion?: string;
}

/** The live key as the last check saw it. */
export function listedRef({ memory: { verdict }, currentVersion }: ListedKey): KeyRef | undefined {
  if (!verdict || currentVersion === undefined) return undefined;
  return { versionId: currentVersion, fingerprint: verdict.fingerprint, hint: verdict.hint };
}
