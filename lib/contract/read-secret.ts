import { type ApiKey, readStored } from '../domain/key';
import type { ClaimedSecret, ListedKey, UnreadableSecret } from '../domain/listed-key';
import { leaksOf } from '../domain/memory';
import type { KeyVersion } from '../domain/secret';
import { holderOf, LABEL, leaksIn, readLabels, retiringIn } from './labels';
import { isDeployed, isManaged } from './managed';
import { memoryFromTags } from './memory-tags';
import { ENVIRONMENT_TAG, POLICY_PREFIX, PolicyTagsError, readPolicyTags } from './policy-tags';

/** A secret as in DescribeSecret and ListSecrets. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly rotationEnabled: boolean;
  /** ARN of the function that rotates it, whether rotation is on or off. */
  readonly rotationFunction?: string;
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
  readonly acceptedVersion?: string;
  readonly submittedVersion?: string;
  /** The version with AWSPENDING, unless it is current. */
  readonly pendingVersion?: string;
  /** What is wrong with its policy tags, a sentence each. The policy then holds defaults and bounds in their place. */
  readonly faults: readonly string[];
  /** AWSPENDING exists, maybe on the live version: Secrets Manager is rotating, or left the label behind. */
  readonly rotating: boolean;
}

/** Translates tags and labels; reads no value. @throws PolicyTagsError if its tags do not say which key it is */
export function readSecret(secret: SecretDescription): ManagedSecret {
  const { arn, name, tags, stages, createdAt, rotationEnabled } = secret;
  const { key, policy, faults } = readPolicyTags(tags);
  const holder = (label: string) => holderOf(stages, label);
  const [currentVersion, acceptedVersion] = [holder(LABEL.current), holder(LABEL.accepted)];
  const [submittedVersion, pending] = [holder(LABEL.submitted), holder(LABEL.pending)];
  const memory = memoryFromTags(tags);
  return {
    key: { ...key, secretName: name, secretArn: arn },
    policy,
    faults,
    memory,
    leaks: leaksOf(leaksIn(stages), memory),
    createdAt,
    rotationEnabled,
    deployed: isDeployed(secret),
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

/** What a listing of tagged secrets shows. */
export interface Listed {
  readonly listed: readonly ManagedSecret[];
  /** Managed, but their policy tags are damaged. */
  readonly unreadable: readonly UnreadableSecret[];
  /** Tagged completely, but not managed: adopted and not yet deployed, or tagged by a stranger. */
  readonly claimed: readonly ClaimedSecret[];
}

/** Splits a listing. Each secret is read by itself, so that one with damaged tags hides no other. */
export function readListing(secrets: readonly SecretDescription[]): Listed {
  const listed: ManagedSecret[] = [];
  const unreadable: UnreadableSecret[] = [];
  const claimed: ClaimedSecret[] = [];
  for (const secret of secrets) {
    const read = readOr(secret);
    if (!isManaged(secret)) claimed.push(...('key' in read ? [claimedFrom(read)] : []));
    else if ('key' in read && read.faults.length === 0) listed.push(read);
    else unreadable.push(unreadableFrom(secret, read.faults));
  }
  return { listed, unreadable, claimed };
}

function readOr(secret: SecretDescription): ManagedSecret | Pick<UnreadableSecret, 'faults'> {
  try {
    return readSecret(secret);
  } catch (error) {
    return { faults: error instanceof PolicyTagsError ? error.faults : [String(error)] };
  }
}

function claimedFrom({ key: { owner: _, ...key }, memory }: ManagedSecret): ClaimedSecret {
  const { record, verdict, retiringHints } = memory;
  const hints = [...(verdict ? [verdict.hint] : []), ...retiringHints];
  return { ...key, ...((record || hints.length > 0) && { remembers: { recordId: record?.id, hints } }) };
}

function unreadableFrom({ arn, name, tags }: SecretDescription, faults: readonly string[]): UnreadableSecret {
  const service = tags[`${POLICY_PREFIX}service`];
  const owner = tags[`${POLICY_PREFIX}owner`];
  return {
    environment: tags[ENVIRONMENT_TAG] ?? '',
    ...(service && { service }),
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
