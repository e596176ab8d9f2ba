import { holderOf, LABEL, retiringIn } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { policyFromTags, type TaggedKey } from '../contract/policy-tags';
import { dueDate } from '../domain/key-age';
import { suggestedName } from '../domain/notices/put-in-a-key';
import type { Memory, RetiringVersion } from '../domain/observation';
import { type KeyIdentity, keyName } from '../domain/policy';
import type { SecretDescription } from '../workflows/ports';

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
  readonly retiring: readonly RetiringVersion[];
  readonly dueAt?: Date;
}

/** Reads tags and labels of a managed secret. @throws PolicyTagsError */
export function managedKey(secret: SecretDescription): ManagedKey {
  const tagged = policyFromTags(secret.tags);
  const memory = memoryFromTags(secret.tags);
  const holder = (label: string) => holderOf(secret.stages, label);
  const currentVersion = holder(LABEL.current);
  const pending = holder(LABEL.pending);
  const created = memory.verdict?.keyCreatedAt;
  return {
    ...tagged,
    name: keyName(tagged.key),
    identity: { ...tagged.key, secretName: secret.name, secretArn: secret.arn },
    secret,
    memory,
    currentVersion,
    submittedVersion: holder(LABEL.submitted),
    pendingVersion: pending === currentVersion ? undefined : pending,
    rotating: pending !== undefined,
    acceptedVersion: holder(LABEL.accepted),
    retiring: retiringIn(secret.stages).filter(({ versionId }) => versionId !== currentVersion),
    dueAt: created && dueDate(created, tagged.policy.maxAgeDays),
  };
}

/** The name to give a new key in the Console. */
export const consoleName = ({ identity, policy }: ManagedKey, now: Date) =>
  suggestedName({ key: identity, policy, now, adminAccess: false });
