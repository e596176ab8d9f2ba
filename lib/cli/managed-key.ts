import { holderOf, LABEL, retiringIn } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { policyFromTags, type TaggedKey, WORKSPACE_TAG } from '../contract/policy-tags';
import type { Memory } from '../domain/memory';
import { isUnchecked } from '../domain/memory';
import { type KeyIdentity, keyName } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { RetiringVersion } from '../domain/secret';
import { dueDate } from '../domain/secret';
import { suggestedName } from '../domain/wording/steps';
import { IllegalTransition } from '../workflows/errors';
import type { SecretDescription } from '../workflows/ports';

/** A superseded version whose key may still work, as its label says. */
export interface RetiringKey extends RetiringVersion {
  /** Of the key that the latest rotation retires. Older ones are in a value only, which nobody reads here. */
  readonly fingerprint?: string;
}

/** What DescribeSecret alone tells of a managed key. Whose key a version holds is known from memory only: nothing is read. */
export interface ManagedKey extends TaggedKey {
  readonly name: string;
  readonly identity: KeyIdentity;
  readonly secret: SecretDescription;
  readonly memory: Memory;
  readonly currentVersion?: string;
  readonly submittedVersion?: string;
  /** AWSPENDING on a version that is not current. */
  readonly pendingVersion?: string;
  /** AWSPENDING is somewhere, be it on the live version: Secrets Manager is at work, or has left it there. */
  readonly rotating: boolean;
  readonly acceptedVersion?: string;
  readonly retiring: readonly RetiringKey[];
  readonly dueAt?: Date;
  /** Adopted, and no check has looked at its value yet. */
  readonly unchecked: boolean;
}

/** Reads tags and labels of a managed secret. @throws PolicyTagsError */
export function managedKey(secret: SecretDescription): ManagedKey {
  const tagged = policyFromTags(secret.tags);
  const memory = memoryFromTags(secret.tags);
  const holder = (label: string) => holderOf(secret.stages, label);
  const currentVersion = holder(LABEL.current);
  const pending = holder(LABEL.pending);
  const created = memory.verdict?.keyCreatedAt;
  const identity = { ...tagged.key, secretName: secret.name, secretArn: secret.arn };
  return {
    ...tagged,
    name: keyName(tagged.key),
    identity,
    secret,
    memory,
    currentVersion,
    submittedVersion: holder(LABEL.submitted),
    pendingVersion: pending === currentVersion ? undefined : pending,
    rotating: pending !== undefined,
    acceptedVersion: holder(LABEL.accepted),
    retiring: named(
      retiringIn(secret.stages).filter(({ versionId }) => versionId !== currentVersion),
      memory.timeline,
    ),
    dueAt: created && dueDate(created, tagged.policy.maxAgeDays),
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
