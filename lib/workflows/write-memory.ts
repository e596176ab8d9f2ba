import { MEMORY_TAG_KEYS } from '../contract/memory-tag-keys';
import { memoryToTags } from '../contract/memory-tags';
import type { Memory } from '../domain/observation';
import type { SecretDescription } from './ports';
import type { World } from './world';

/** Writes only what changed: in a steady state the day of the check, once a day. Gives back the secret as it is now, for the next write. */
export async function writeMemory(
  secret: SecretDescription,
  memory: Memory,
  { store }: Pick<World, 'store'>,
): Promise<SecretDescription> {
  const next = memoryToTags(memory);
  const changed = Object.entries(next).filter(([key, value]) => secret.tags[key] !== value);
  // Only tag keys that this release knows are removed: the role may not untag others.
  const gone = MEMORY_TAG_KEYS.filter((key) => secret.tags[key] !== undefined && next[key] === undefined);
  if (changed.length > 0) await store.tag(secret.arn, Object.fromEntries(changed));
  if (gone.length > 0) await store.untag(secret.arn, gone);
  const others = Object.entries(secret.tags).filter(([key]) => !gone.includes(key));
  return { ...secret, tags: { ...Object.fromEntries(others), ...next } };
}
