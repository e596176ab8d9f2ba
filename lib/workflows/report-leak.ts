import { memoryFromTags } from '../contract/memory-tags';
import type { KeyRef } from '../domain/key';
import type { LabelMove } from '../domain/label-move';
import { leakedOn, notDeactivated, withoutLeak } from '../domain/memory';
import { hoursOnceMore } from '../domain/policy';
import { withinBudget } from '../domain/rotation/label-budget';
import { graceEnd, graceFrom, holderOfKey, type KeyVersion, refOf, sameKey, unpins } from '../domain/secret';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import type { Prepared } from './prepared';
import { moveLabels, writeMemory } from './write-secret';

/**
 * Marks a key as leaked by a label: its grace ends with the report, it gets none when it is replaced, nothing goes back to it, and people are told
 * of it until it is dead. Reporting it again changes nothing. The label alone switches nothing off.
 */
export async function reportLeak(
  secretId: string,
  wanted: { fingerprint: string },
  ports: Ports,
): Promise<Prepared<{ readonly leaked: KeyRef }>> {
  const { fingerprint } = wanted;
  const { secret, observation } = await read(secretId, ports, { every: true });
  const holder = holderOfKey(observation, fingerprint);
  const leaked = refOf(holder);
  if (!holder || leaked?.fingerprint !== fingerprint)
    throw new IllegalTransition('no-such-key', `No version of ${secret.name} holds a key ${fingerprint}.`);
  const isMarked = leakLabels(observation.versions, fingerprint).length > 0;
  const at = leakedOn(observation, fingerprint) ?? ports.clock.now();
  const mark: LabelMove = { do: 'mark-leaked', versionId: holder.id, fingerprint, at };
  return {
    outcome: { leaked },
    async perform() {
      if (!isMarked) await moveLabels(secret, withinBudget(observation.versions, [mark]), ports);
      await checkKey(secret.arn, ports);
    },
  };
}

/** Withdraws a wrong report. A superseded key gets a deadline before it loses the mark. Without Admin access a person switches it on again in the Console. */
export async function withdrawLeak(
  secretId: string,
  wanted: { fingerprint: string },
  ports: Ports,
): Promise<Prepared<{ readonly withdrawn: string }>> {
  const { fingerprint } = wanted;
  const { secret, observation } = await read(secretId, ports, { every: true });
  const marks = leakLabels(observation.versions, fingerprint);
  const until = graceFrom(ports.clock.now(), hoursOnceMore(observation.policy));
  const roles = [observation.live, observation.accepted, observation.submitted];
  const moves = marks.flatMap(({ version, leaks }): readonly LabelMove[] => {
    const kept = roles.some((role) => sameKey(role, version));
    const end = graceEnd({ ...version, leaks: [] });
    const pin =
      kept || (end && end > ports.clock.now()) ? [] : [{ do: 'pin', versionId: version.id, until } as const];
    return [...pin, ...unpins(version, leaks)];
  });
  const memory = notDeactivated(memoryFromTags(secret.tags), fingerprint);
  return {
    outcome: { withdrawn: fingerprint },
    async perform() {
      await moveLabels(secret, moves, ports);
      await writeMemory(secret, withoutLeak(memory, fingerprint), ports);
    },
  };
}

/** The labels that mark a key as leaked, with the versions on which they sit. */
const leakLabels = (versions: readonly KeyVersion[], fingerprint: string) =>
  versions.flatMap((version) => {
    const leaks = version.leaks.filter(({ beginning }) => fingerprint.startsWith(beginning));
    return leaks.length > 0 ? [{ version, leaks }] : [];
  });
