import type { Finding } from './finding';
import { keyCreatedAt } from './key-age';
import { finding } from './make-finding';
import type { KeyVersion, Observation } from './observation';
import { badBecause } from './reconcile';
import { DAY, plus } from './time';
import { acceptedOf, refOf, retiringOf, sameKey } from './versions';

/** How long a change is news: within it the notice of a promotion or a rollback is sent, however often a tick was missed. */
const NEWS = 7 * DAY;

/** Promotions and rollbacks, told from the labels they leave, so that a crash between the move and the mail loses nothing. */
export function newsFindings(o: Observation, current: KeyVersion, now: Date): readonly Finding[] {
  const accepted = acceptedOf(o);
  const ref = refOf(current);
  if (!ref || !sameKey(current, accepted)) return [];
  if (accepted!.id !== current.id && current.createdAt > accepted!.createdAt)
    return [finding('same-key-again', '0', { current: ref, createdAt: keyCreatedAt(o)! }, current.id)];
  const left = o.versions.find((v) => v.previous && v.createdAt > current.createdAt);
  const retiring = retiringOf(o).map(({ ref: key, until }) => ({ key, until }));
  const isNews = (version: KeyVersion) => version.retire.length > 0 || now < plus(version.createdAt, NEWS);
  if (left) {
    const removed =
      refOf(left)?.hint ?? (left.content.kind === 'malformed' ? left.content.reason : 'no usable key');
    const details = { restored: ref, removed, cause: badBecause(left) ?? ('by-hand' as const) };
    return isNews(left) ? [finding('rolled-back', '0', details, left.id)] : [];
  }
  if (retiring.length === 0 && now >= plus(current.createdAt, NEWS)) return [];
  const superseded =
    retiring.length > 0 || o.versions.some((v) => v.previous && v.content.kind !== 'placeholder');
  const { timeline, home } = o.memory;
  const how = timeline.how ?? (superseded ? 'submitted' : 'first-key');
  const unconfigured =
    o.expectedHome.organizationId === undefined && o.expectedHome.workspaceId === undefined;
  return [
    finding(
      'rotated',
      '0',
      { current: ref, how, retiring, learnedHome: unconfigured ? home : undefined },
      current.id,
    ),
  ];
}
