import { type ApiKey, readStored } from '../domain/key';
import { leaksOf } from '../domain/memory';
import type { KeyVersion, ListedKey, UnreadableSecret } from '../domain/secret';
import { holderOf, LABEL, leaksIn, readLabels, retiringIn } from './labels';
import { memoryFromTags } from './memory-tags';
import { ENVIRONMENT_TAG, POLICY_PREFIX, PolicyTagsError, policyFromTags } from './policy-tags';

/** A secret as in DescribeSecret and ListSecrets. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly rotationEnabled: boolean;
  readonly deletedAt?: Date;
}

/** One row of ListSecretVersionIds. A listing never holds values. */
export interface SecretVersionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly labels: readonly string[];
}

export interface StoredValue {
  readonly versionId: string;
  readonly value: string;
  /** It is a SecretBinary, here as UTF-8. */
  readonly binary?: boolean;
}

/** A managed secret by its tags, with the ids of its labelled versions. */
export interface ManagedSecret extends ListedKey {
  readonly currentVersion?: string;
  readonly acceptedVersion?: string;
  readonly submittedVersion?: string;
  /** The version with AWSPENDING, unless it is current. */
  readonly pendingVersion?: string;
  /** AWSPENDING exists, maybe on the live version: Secrets Manager is rotating, or left the label behind. */
  readonly rotating: boolean;
}

/** Translates tags and labels; reads no value. @throws PolicyTagsError if the secret is not managed or its tags are damaged */
export function readSecret(secret: SecretDescription): ManagedSecret {
  const { arn, name, tags, stages, createdAt, rotationEnabled } = secret;
  const { key, policy } = policyFromTags(tags);
  const holder = (label: string) => holderOf(stages, label);
  const [currentVersion, acceptedVersion] = [holder(LABEL.current), holder(LABEL.accepted)];
  const [submittedVersion, pending] = [holder(LABEL.submitted), holder(LABEL.pending)];
  const memory = memoryFromTags(tags);
  return {
    key: { ...key, secretName: name, secretArn: arn },
    policy,
    memory,
    leaks: leaksOf(leaksIn(stages), memory),
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

/** Splits a listing into keys and secrets with unusable policy tags. */
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

const UNREAD: ReturnType<typeof readStored> = { content: { kind: 'unread' } };

/** Translates labels and value of a version. Without a value its content is unread. */
export function readVersion(
  { id, createdAt, labels }: SecretVersionRow,
  stored: StoredValue | undefined,
): { readonly version: KeyVersion; readonly key?: ApiKey } {
  const { content, key } = stored ? readStored(stored.value, stored) : UNREAD;
  return { version: { id, createdAt, ...readLabels(labels), content }, ...(key && { key }) };
}
