import { type ApiKey, parseApiKey, readContent } from '../domain/key';
import type { KeyVersion, ListedKey, UnreadableSecret } from '../domain/secret';
import { holderOf, LABEL, readLabels, retiringIn } from './labels';
import { memoryFromTags } from './memory-tags';
import { ENVIRONMENT_TAG, POLICY_PREFIX, PolicyTagsError, policyFromTags } from './policy-tags';

/** A secret as DescribeSecret and a listing show it. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly rotationEnabled: boolean;
  readonly deletedAt?: Date;
}

/** One row of ListSecretVersionIds. Values are never part of a listing. */
export interface SecretVersionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly labels: readonly string[];
}

export interface StoredValue {
  readonly versionId: string;
  readonly value: string;
}

/** A managed secret by its tags and labels, with the ids of the versions that the labels name. */
export interface ManagedSecret extends ListedKey {
  readonly currentVersion?: string;
  readonly acceptedVersion?: string;
  readonly submittedVersion?: string;
  /** AWSPENDING on a version that is not current. */
  readonly pendingVersion?: string;
  /** AWSPENDING is somewhere, be it on the live version: Secrets Manager is at work, or has left it there. */
  readonly rotating: boolean;
}

/** What the tags and labels of a secret mean. No value is read. @throws PolicyTagsError where it is not managed, or its tags are damaged */
export function readSecret(secret: SecretDescription): ManagedSecret {
  const { arn, name, tags, stages, createdAt, rotationEnabled } = secret;
  const { key, policy } = policyFromTags(tags);
  const holder = (label: string) => holderOf(stages, label);
  const [currentVersion, acceptedVersion] = [holder(LABEL.current), holder(LABEL.accepted)];
  const [submittedVersion, pending] = [holder(LABEL.submitted), holder(LABEL.pending)];
  return {
    key: { ...key, secretName: name, secretArn: arn },
    policy,
    memory: memoryFromTags(tags),
    createdAt,
    rotationEnabled,
    accepted: acceptedVersion !== undefined,
    submitted: submittedVersion !== undefined && submittedVersion !== currentVersion,
    retiring: retiringIn(stages).filter(({ versionId }) => versionId !== currentVersion),
    currentVersion,
    acceptedVersion,
    submittedVersion,
    pendingVersion: pending === currentVersion ? undefined : pending,
    rotating: pending !== undefined,
  };
}

/** Parts a listing into keys and secrets whose policy tags can't be used. */
export function readListing(secrets: readonly SecretDescription[]) {
  const listed: ManagedSecret[] = [];
  const unreadable: UnreadableSecret[] = [];
  for (const secret of secrets) {
    try {
      listed.push(readSecret(secret));
    } catch (error) {
      if (!(error instanceof PolicyTagsError)) throw error;
      unreadable.push(unreadableFrom(secret, error.faults));
    }
  }
  return { listed, unreadable };
}

function unreadableFrom({ arn, name, tags }: SecretDescription, faults: readonly string[]): UnreadableSecret {
  const owner = tags[`${POLICY_PREFIX}owner`];
  return {
    environment: tags[ENVIRONMENT_TAG] ?? '',
    secretName: name,
    secretArn: arn,
    ...(owner && { owner }),
    faults,
  };
}

/** What a version means: its labels, and what its value holds. Without a value its content is unread. */
export function readVersion(
  { id, createdAt, labels }: SecretVersionRow,
  stored: StoredValue | undefined,
): { readonly version: KeyVersion; readonly key?: ApiKey } {
  const judged = stored && parseApiKey(stored.value);
  const content = stored ? readContent(stored.value) : ({ kind: 'unread' } as const);
  return {
    version: { id, createdAt, ...readLabels(labels), content },
    ...(judged?.ok && { key: judged.key }),
  };
}
