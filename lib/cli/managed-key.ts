import { WORKSPACE_TAG } from '../contract/policy-tags';
import { type ManagedSecret, readSecret, type SecretDescription } from '../contract/read-secret';
import type { Memory } from '../domain/memory';
import { isUnchecked } from '../domain/memory';
import { type KeyIdentity, keyName } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { RetiringVersion } from '../domain/secret';
import { dueDate } from '../domain/secret';
import { suggestedName } from '../domain/wording/steps';
import { IllegalTransition } from '../workflows/errors';

/** A superseded version whose key may still work, as its label says. */
export interface RetiringKey extends RetiringVersion {
  /** Of the key that the latest rotation retires. Older ones are in a value only, which nobody reads here. */
  readonly fingerprint?: string;
}

/** A managed key as people are shown it. Whose key a version holds is known from memory only: nothing is read. */
export interface ManagedKey extends Omit<ManagedSecret, 'key'> {
  readonly name: string;
  readonly identity: KeyIdentity;
  readonly secret: SecretDescription;
  readonly retiring: readonly RetiringKey[];
  readonly dueAt?: Date;
  /** Adopted, and no check has looked at its value yet. */
  readonly unchecked: boolean;
}

/** Reads tags and labels of a managed secret. @throws PolicyTagsError */
export function managedKey(secret: SecretDescription): ManagedKey {
  const { key: identity, ...managed } = readSecret(secret);
  const { memory, policy, retiring } = managed;
  const created = memory.verdict?.keyCreatedAt;
  return {
    ...managed,
    name: keyName(identity),
    identity,
    secret,
    retiring: named(retiring, memory.timeline),
    dueAt: created && dueDate(created, policy.maxAgeDays),
    unchecked: isUnchecked(identity, memory),
  };
}

/** With the fingerprint of the one that memory tells of: the only one, or the one whose grace still ends as it was set. */
function named(
  retiring: readonly RetiringVersion[],
  { fingerprint, graceEndsAt, provenAt }: Memory['timeline'],
): readonly RetiringKey[] {
  if (!fingerprint || provenAt) return retiring;
  const isIt = ({ until }: RetiringVersion) =>
    retiring.length === 1 || until.getTime() === graceEndsAt?.getTime();
  return retiring.map((one) => (isIt(one) ? { ...one, fingerprint } : one));
}

/** Where the key must live, as the tags tell people, else as its accepted key taught. The function knows it from its deployment and has the last word. */
export function expectedHome({ secret, memory }: ManagedKey): Home {
  const workspaceId = secret.tags[WORKSPACE_TAG];
  return workspaceId ? { workspaceId } : (memory.home ?? {});
}

/** The name to give a new key in the Console. */
export const consoleName = ({ identity, policy }: ManagedKey, now: Date) =>
  suggestedName({ key: identity, policy, now, adminAccess: false });

/** What the labels show already need not be asked about first. @throws IllegalTransition where no superseded key is left */
export function refuseWithoutOldKey({ name, retiring }: ManagedKey): void {
  if (retiring.length > 0) return;
  throw new IllegalTransition(
    'nothing-retiring',
    `No superseded key of ${name} is waiting for its end here. Nothing was changed.`,
  );
}
