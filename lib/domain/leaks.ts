import { beginningOf } from './beginning';
import type { Memory, Observation } from './observation';

/** Leaked keys that are kept in mind. */
const MOST_LEAKED = 2;

/** When a person reported the key with this fingerprint as leaked; undefined where nobody did. */
export const leakedOn = ({ memory }: Pick<Observation, 'memory'>, fingerprint: string | undefined) =>
  memory.leaked.find(({ beginning }) => fingerprint?.startsWith(beginning))?.on;

/** Marks a key as leaked: from now on it gets no grace, is not offered as a way back, and is told of until it is dead. */
export const withLeak = (memory: Memory, fingerprint: string, now: Date): Memory => ({
  ...memory,
  leaked: [
    { beginning: beginningOf(fingerprint), on: now },
    ...withoutLeak(memory, fingerprint).leaked,
  ].slice(0, MOST_LEAKED),
});

/** The report was wrong. */
export const withoutLeak = (memory: Memory, fingerprint: string): Memory => ({
  ...memory,
  leaked: memory.leaked.filter(({ beginning }) => !fingerprint.startsWith(beginning)),
});
