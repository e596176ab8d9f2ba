import { MEMORY_PREFIX } from '../contract/memory-tag-keys';
import { memoryFromTags } from '../contract/memory-tags';
import type { SecretStore } from './ports';

/**
 * The name of another managed secret of this account and region whose live key has this fingerprint, as last checked. Told from one listing;
 * no value is read.
 */
export async function heldElsewhere(
  fingerprint: string,
  secretArn: string,
  { store }: { readonly store: Pick<SecretStore, 'list'> },
): Promise<string | undefined> {
  const others = await store.list({ tagKey: `${MEMORY_PREFIX}verdict` });
  return others.find(
    ({ arn, tags }) => arn !== secretArn && memoryFromTags(tags).verdict?.fingerprint === fingerprint,
  )?.name;
}
