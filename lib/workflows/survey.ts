import { holderOf, LABEL, retiringIn } from '../contract/labels';
import { memoryFromTags } from '../contract/memory-tags';
import { ENVIRONMENT_TAG, POLICY_PREFIX, PolicyTagsError, policyFromTags } from '../contract/policy-tags';
import { type Fleet, type FleetFilter, fleetOf, type UnreadableSecret } from '../domain/fleet/fleet';
import type { ListedKey } from '../domain/fleet/row';
import type { SecretDescription, SecretStore, World } from './ports';

/**
 * Looks at the whole fleet of this account and region by one listing, a hundred secrets a call and none per secret. The filter is applied
 * afterwards, so that a key held in two environments is seen from either.
 */
export async function surveyFleet(
  { store, clock }: Pick<World, 'clock'> & { readonly store: Pick<SecretStore, 'list'> },
  filter: FleetFilter = {},
): Promise<Fleet> {
  const secrets = await store.list({ tagKey: ENVIRONMENT_TAG });
  const { listed, unreadable } = readListing(secrets);
  return fleetOf(listed, unreadable, clock.now(), filter);
}

/** Parts a listing into keys and secrets whose policy tags can't be used. */
export function readListing(secrets: readonly SecretDescription[]) {
  const listed: ListedKey[] = [];
  const unreadable: UnreadableSecret[] = [];
  for (const secret of secrets) {
    try {
      listed.push(readEntry(secret));
    } catch (error) {
      if (!(error instanceof PolicyTagsError)) throw error;
      unreadable.push(unreadableFrom(secret, error.faults));
    }
  }
  return { listed, unreadable };
}

/** @throws PolicyTagsError */
function readEntry({ arn, name, tags, stages, createdAt, rotationEnabled }: SecretDescription): ListedKey {
  const { key, policy } = policyFromTags(tags);
  const live = holderOf(stages, LABEL.current);
  const submitted = holderOf(stages, LABEL.submitted);
  return {
    key: { ...key, secretName: name, secretArn: arn },
    policy,
    memory: memoryFromTags(tags),
    createdAt,
    rotationEnabled,
    accepted: holderOf(stages, LABEL.accepted) !== undefined,
    submitted: submitted !== undefined && submitted !== live,
    retiring: retiringIn(stages).filter(({ versionId }) => versionId !== live),
  };
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
