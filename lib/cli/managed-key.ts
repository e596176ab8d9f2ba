import { WORKSPACE_TAG } from '../contract/policy-tags';
import { type ManagedSecret, readSecret, type SecretDescription } from '../contract/read-secret';
import { dueDate } from '../domain/key-age';
import { isUnchecked, leakedOn, type Memory } from '../domain/memory';
import { type KeyIdentity, keyName } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { RetiringVersion } from '../domain/secret';
import { suggestedName } from '../domain/wording/steps';
import { IllegalTransition } from '../workflows/errors';

/** A superseded version whose key may still work, as its label says. */
export interface RetiringKey extends RetiringVersion {
  /** Only of the key that the latest rotation retires. Those of older ones are in values, which the command line never reads. */
  readonly fingerprint?: string;
}

/** A managed key as people see it. Which key a version holds is known from memory only: no value is read. */
export interface ManagedKey extends Omit<ManagedSecret, 'key'> {
  readonly name: string;
  readonly identity: KeyIdentity;
  readonly secret: SecretDescription;
  readonly retiring: readonly RetiringKey[];
  readonly dueAt?: Date;
  /** Adopted, but not checked yet. */
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
    retiring: withFingerprint(retiring, memory),
    dueAt: created && dueDate(created, policy.maxAgeDays),
    unchecked: isUnchecked(identity, memory),
  };
}

/** Adds the fingerprint to the version that memory is about: the only one, or the one whose grace still ends as it was set. */
function withFingerprint(
  retiring: readonly RetiringVersion[],
  { verdict, timeline: { fingerprint, graceEndsAt, provenAt } }: Memory,
): readonly RetiringKey[] {
  // It may be about the live key: one that leaked and was switched off.
  if (!fingerprint || provenAt || fingerprint === verdict?.fingerprint) return retiring;
  const isRemembered = ({ until }: RetiringVersion) =>
    retiring.length === 1 || until.getTime() === graceEndsAt?.getTime();
  return retiring.map((version) => (isRemembered(version) ? { ...version, fingerprint } : version));
}

/** Old keys that may be gone back to: a leaked one is never offered. Whether one works is tested before it goes live. */
export const waysBack = ({ retiring, leaks }: ManagedKey): readonly RetiringKey[] =>
  retiring.filter(({ fingerprint }) => leakedOn({ leaks }, fingerprint) === undefined);

/** Where the key must live: by its tags, else by its accepted key. The function knows it from its deployment and has the last word. */
export function expectedHome({ secret, memory }: ManagedKey): Home {
  const workspaceId = secret.tags[WORKSPACE_TAG];
  return workspaceId ? { workspaceId } : (memory.home ?? {});
}

/** The name to give a new key in the Console. */
export const consoleName = ({ identity }: ManagedKey, now: Date) => suggestedName({ key: identity, now });

/** Refuses by the labels alone, before anybody is asked to confirm. @throws IllegalTransition if there is no old key */
export function refuseWithoutOldKey({ name, retiring }: ManagedKey): void {
  if (retiring.length > 0) return;
  throw new IllegalTransition(
    'nothing-retiring',
    `${name} has no old key that still waits for its end. Nothing was changed.`,
  );
}
