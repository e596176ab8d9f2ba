import type { Memory, Timeline } from './observation';

/** What is remembered of the rotation that retires this key: empty where another key's rotation, or none, is remembered. */
export const timelineOf = (
  { timeline }: Pick<Memory, 'timeline'>,
  fingerprint: string | undefined,
): Timeline => (fingerprint !== undefined && timeline.fingerprint === fingerprint ? timeline : {});

/** It was recorded as switched off, and is not, or no more. */
export function notDeactivated(memory: Memory, fingerprint: string): Memory {
  if (memory.timeline.fingerprint !== fingerprint) return memory;
  const { deactivatedAt: _, ...timeline } = memory.timeline;
  return { ...memory, timeline };
}
