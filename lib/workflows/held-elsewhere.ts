import { MEMORY_PREFIX } from '../contract/memory-tag-keys';
import { memoryFromTags } from '../contract/memory-tags';
import type { SecretStore } from './ports';

/**
 * The name of another managed secret of this account and region whose live key has this fingerprint, as last checked, or whose last superseded
 * key has it and is not proven dead: its owner would switch it off. Told from one listing; no value is read.
 */
export async function heldElsewhere(
  fingerprint: string,
  secretArn: string,
  { store }: { readonly store: Pick<SecretStore, 'list'> },
): Promise<string | undefined> {
  const others = await store.list({ tagKey: `${MEMORY_PREFIX}verdict` });
  return others.find(({ arn, tags }) => {
    const { verdict, timeline } = memoryFromTags(tags);
    const retiring = timeline.provenAt === undefined ? timeline.fingerprint : undefined;
    return arn !== secretArn && (verdict?.fingerprint === fingerprint || retiring === fingerprint);
  })?.name;
}
