import { WORKSPACE_TAG } from '../contract/policy-tags';
import { type ManagedSecret, readSecret, type SecretDescription } from '../contract/read-secret';
import { versionInShort, versionMark } from '../domain/key';
import { dueDate } from '../domain/key-age';
import { isUnchecked, leakedOn, type Memory } from '../domain/memory';
import { type KeyIdentity, keyName } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { RetiringVersion } from '../domain/secret';
import { suggestedName } from '../domain/wording/steps';
import { IllegalTransition } from '../workflows/errors';
import { pickOldKey } from '../workflows/extend-grace';

/** A superseded version whose key may still work, as its label says. */
export interface RetiringKey extends RetiringVersion {
  /** As the last check remembers it: it is in the value, which the command line never reads. Absent where the memory has no room for it. */
  readonly fingerprint?: string;
  readonly hint?: string;
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
    retiring: withKeys(retiring, memory),
    dueAt: created && dueDate(created, policy.maxAgeDays),
    unchecked: isUnchecked(identity, memory),
  };
}

/**
 * Adds which key a version holds. The memory of an earlier release knows only the key of the latest rotation: that of the only version, or of the one
 * whose grace still ends as it was set.
 */
function withKeys(
  retiring: readonly RetiringVersion[],
  { verdict, retiringKeys, timeline: { fingerprint, graceEndsAt, provenAt } }: Memory,
): readonly RetiringKey[] {
  // The timeline may be about the live key: one that leaked and was switched off.
  const latest = provenAt || fingerprint === verdict?.fingerprint ? undefined : fingerprint;
  const isLatest = ({ until }: RetiringVersion) =>
    retiring.length === 1 || until.getTime() === graceEndsAt?.getTime();
  return retiring.map((version) => {
    const known = retiringKeys.find((key) => key.version === versionMark(version.versionId));
    if (known) return { ...version, fingerprint: known.fingerprint, hint: known.hint };
    return latest && isLatest(version) ? { ...version, fingerprint: latest } : version;
  });
}

/** How an old key is called: by hint and fingerprint, as far as they are known. */
export const oldKeyName = ({ versionId, fingerprint, hint }: RetiringKey) =>
  hint && fingerprint
    ? `${hint} (${fingerprint})`
    : fingerprint
      ? `fingerprint ${fingerprint}`
      : `version ${versionInShort(versionId)}`;

/** The option that names an old key in a suggested command, with a blank before it. */
export const keyOption = ({ fingerprint }: Pick<RetiringKey, 'fingerprint'>) =>
  fingerprint ? ` --key ${fingerprint}` : '';

/**
 * The old key that a command is about, as far as labels and memory tell. Undefined where only the function can say. @throws IllegalTransition if it is
 * certain that none or several fit
 */
export function whichOldKey(
  { retiring }: Pick<ManagedKey, 'retiring'>,
  wanted: string | undefined,
): RetiringKey | undefined {
  const known = retiring.flatMap((key) =>
    key.fingerprint ? [{ ...key, fingerprint: key.fingerprint }] : [],
  );
  if (wanted === undefined && retiring.length === 1) return retiring[0];
  const isKnown = known.some(({ fingerprint }) => wanted === undefined || fingerprint.startsWith(wanted));
  // A key whose rotation is over has no label, and one that is not remembered may be meant.
  return isKnown && (wanted !== undefined || known.length > 1) ? pickOldKey(known, wanted) : undefined;
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
