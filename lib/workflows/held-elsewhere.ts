import { MEMORY_PREFIX } from '../contract/memory-tag-keys';
import { memoryFromTags } from '../contract/memory-tags';
import type { Memory } from '../domain/observation';
import type { SecretStore } from './ports';

interface Fleet {
  readonly store: Pick<SecretStore, 'list'>;
}

/**
 * The name of another managed secret of this account and region whose live key has this fingerprint, as last checked. Told from one listing;
 * no value is read.
 */
export const liveElsewhere = (fingerprint: string, secretArn: string, fleet: Fleet) =>
  findOther(secretArn, fleet, ({ verdict }) => verdict?.fingerprint === fingerprint);

/**
 * The name of another managed secret that holds a key which is to become live here. Its last superseded key counts, too, for its owner would
 * switch it off.
 */
export const heldElsewhere = (fingerprint: string, secretArn: string, fleet: Fleet) =>
  findOther(
    secretArn,
    fleet,
    ({ verdict, timeline }) =>
      verdict?.fingerprint === fingerprint ||
      (timeline.fingerprint === fingerprint && timeline.provenAt === undefined),
  );

async function findOther(
  secretArn: string,
  { store }: Fleet,
  holds: (memory: Memory) => boolean,
): Promise<string | undefined> {
  const managed = await store.list({ tagKey: `${MEMORY_PREFIX}verdict` });
  return managed.find(({ arn, tags }) => arn !== secretArn && holds(memoryFromTags(tags)))?.name;
}
