import type { LabelMove } from '../label-move';
import { REFUSALS, type Refusal } from '../refusal';
import { fingerprintOf, graceFrom, type Observation, sameKey } from '../secret';
import { withinBudget } from './label-budget';

/** How long a refused key is followed: Anthropic may know a new key late, and what refuses it may be settled. */
const FOLLOWED_HOURS = 7 * 24;

/**
 * The last moves of a refused submission. Its key is followed, unless it is another team's or in use here, or its leak follows it anyway. In this
 * order it is never without a label.
 */
export function refuse(
  o: Observation,
  { version: versionId, reason }: { readonly version: string; readonly reason: Refusal },
  now: Date,
): readonly LabelMove[] {
  const { disposal } = REFUSALS[reason];
  const isOurs = disposal !== 'keep' && disposal !== 'ask-its-team' && reason !== 'leaked';
  return isOurs ? withdraw(o, versionId, now) : [{ do: 'clear-submitted', versionId }];
}

/** A submission that is not to be promoted any more. Its key is followed, because it may work. */
export function withdraw(o: Observation, versionId: string, now: Date): readonly LabelMove[] {
  const version = o.versions.find(({ id }) => id === versionId);
  const tracked = [o.live, o.accepted, ...o.retiring.map((each) => each.version)];
  const follow = version && fingerprintOf(version) && !tracked.some((other) => sameKey(other, version));
  const until = graceFrom(now, FOLLOWED_HOURS);
  return withinBudget(o.versions, [
    ...(follow ? [{ do: 'follow', versionId, until } as const] : []),
    { do: 'clear-submitted', versionId },
  ]);
}
