import { MEMORY_PREFIX } from '../contract/memory-tag-keys';
import { memoryFromTags } from '../contract/memory-tags';
import type { Memory } from '../domain/observation';
import type { SecretStore } from './ports';

interface Fleet {
  readonly store: Pick<SecretStore, 'list'>;
}

/** The names of the other managed secrets of this account and region, by the fingerprint of their live key as last checked. */
export async function liveElsewhere(secretArn: string, fleet: Fleet): Promise<ReadonlyMap<string, string>> {
  const others = await listOthers(secretArn, fleet);
  return new Map(others.flatMap(({ name, verdict }) => (verdict ? [[verdict.fingerprint, name]] : [])));
}

/**
 * The name of another managed secret that holds a key which is to become live here. Its last superseded key counts, too, for its owner would
 * switch it off.
 */
export async function heldElsewhere(
  fingerprint: string,
  secretArn: string,
  fleet: Fleet,
): Promise<string | undefined> {
  const others = await listOthers(secretArn, fleet);
  return others.find(
    ({ verdict, timeline }) =>
      verdict?.fingerprint === fingerprint ||
      (timeline.fingerprint === fingerprint && timeline.provenAt === undefined),
  )?.name;
}

/** What the other managed secrets remember: told from one listing, no value is read. */
async function listOthers(secretArn: string, { store }: Fleet): Promise<(Memory & { name: string })[]> {
  const managed = await store.list({ tagKey: `${MEMORY_PREFIX}verdict` });
  return managed
    .filter(({ arn }) => arn !== secretArn)
    .map(({ name, tags }) => ({ name, ...memoryFromTags(tags) }));
}
