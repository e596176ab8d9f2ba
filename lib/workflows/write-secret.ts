import { toLabelUpdate } from '../contract/labels';
import { MEMORY_TAG_KEYS, memoryToTags } from '../contract/memory-tags';
import type { SecretDescription } from '../contract/read-secret';
import type { LabelMove } from '../domain/label-move';
import type { Memory } from '../domain/memory';
import type { Ports } from './ports';

/** Moves labels one by one in this order, so that a crash in between leaves no living key without one. */
export async function moveLabels(
  secret: Pick<SecretDescription, 'arn' | 'name'>,
  moves: readonly LabelMove[],
  { store, log }: Pick<Ports, 'store' | 'log'>,
): Promise<void> {
  for (const move of moves) {
    const stage = toLabelUpdate(move);
    await store.moveLabel(secret.arn, stage);
    log.info('Label moved', { secret: secret.name, do: move.do, ...stage });
  }
}

/** Writes only changed tags: in a steady state once a day. Returns the updated secret for the next write. */
export async function writeMemory(
  secret: SecretDescription,
  memory: Memory,
  { store }: Pick<Ports, 'store'>,
): Promise<SecretDescription> {
  const next = memoryToTags(memory);
  const changed = Object.entries(next).filter(([key, value]) => secret.tags[key] !== value);
  // The role may remove only the tag keys of this release.
  const gone = MEMORY_TAG_KEYS.filter((key) => secret.tags[key] !== undefined && next[key] === undefined);
  if (changed.length > 0) await store.tag(secret.arn, Object.fromEntries(changed));
  if (gone.length > 0) await store.untag(secret.arn, gone);
  const others = Object.entries(secret.tags).filter(([key]) => !gone.includes(key));
  return { ...secret, tags: { ...Object.fromEntries(others), ...next } };
}
