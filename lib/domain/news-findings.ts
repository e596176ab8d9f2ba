import type { Finding } from './finding';
import { keyCreatedAt } from './key-age';
import { leakedOn } from './leaks';
import { finding } from './make-finding';
import type { KeyRef, KeyVersion, Observation } from './observation';
import { badBecause } from './reconcile';
import { DAY, plus } from './time';
import { acceptedOf, refOf, retiringOf, sameKey } from './versions';

/** How long a change is news: within it the notice of a promotion or a rollback is sent, however long nobody could be told. */
const NEWS = 30 * DAY;

/** Promotions and rollbacks, told from the labels they leave, so that a crash between the move and the mail loses nothing. */
export function newsFindings(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const accepted = acceptedOf(o);
  const ref = refOf(current);
  if (!ref || !accepted || !sameKey(current, accepted)) return [];
  const left = leftBehind(o, current, now);
  if (left) {
    const removed =
      refOf(left)?.hint ?? (left.content.kind === 'malformed' ? left.content.reason : 'no usable key');
    const details = { restored: ref, removed, cause: badBecause(left) ?? ('by-hand' as const) };
    return [finding('rolled-back', '0', details, left.id)];
  }
  const again =
    accepted.id !== current.id && current.createdAt > accepted.createdAt
      ? [finding('same-key-again', '0', { current: ref, createdAt: keyCreatedAt(o)! }, current.id)]
      : [];
  return [...again, ...promotion(o, accepted, ref, now)];
}

/** The version that AWSCURRENT was moved back from. A check remembers that it did so; what a person did shows by the order of the versions. */
function leftBehind(o: Observation, current: KeyVersion, now: Date): KeyVersion | undefined {
  const left = o.versions.find((v) => v.previous && !sameKey(v, current));
  if (!left || (o.memory.timeline.undone && left.id.startsWith(o.memory.timeline.undone))) return left;
  const isNews = left.retire.length > 0 || now < plus(left.createdAt, NEWS);
  return left.createdAt > current.createdAt && isNews ? left : undefined;
}

function promotion(o: Observation, accepted: KeyVersion, current: KeyRef, now: Date): readonly Finding[] {
  const retiring = retiringOf(o).map(({ ref: key, until }) => ({
    key,
    until,
    leaked: leakedOn(o, key.fingerprint) !== undefined,
  }));
  if (retiring.length === 0 && now >= plus(accepted.createdAt, NEWS)) return [];
  const superseded =
    retiring.length > 0 || o.versions.some((v) => v.previous && v.content.kind !== 'placeholder');
  const { timeline, home } = o.memory;
  const how = timeline.how ?? (superseded ? 'submitted' : 'first-key');
  const unconfigured =
    o.expectedHome.organizationId === undefined && o.expectedHome.workspaceId === undefined;
  const details = { current, how, retiring, learnedHome: unconfigured ? home : undefined };
  return [finding('rotated', '0', details, accepted.id)];
}
