import { faultOf, isGood, unacceptedFaultOf } from '../fault';
import type { LabelMove } from '../label-move';
import { leakedOn } from '../memory';
import {
  answers,
  type Followed,
  fingerprintOf,
  graceFrom,
  hasRole,
  holderOfKey,
  isMisplaced,
  type KeyVersion,
  needsNoKey,
  newestWith,
  type Observation,
  sameKey,
  unpins,
} from '../secret';
import { elapsed, MINUTE } from '../time';
import { withinBudget } from './label-budget';

/** A rotation younger than this may be moving labels right now, so nothing else moves any. */
export const ROTATION_IN_FLIGHT = 15 * MINUTE;

/** A rotation older than this has died: its AWSPENDING is removed so that the next one can start. */
export const ROTATION_STALE = 30 * MINUTE;

/**
 * The label moves that bring a secret from any state to the one where the accepted key is current, every superseded key is pinned and no
 * meaningless label is left. A crash between any two of them is safe. The end of a rotation, crash recovery and direct edits all come here. UNKNOWN
 * moves nothing.
 */
export function reconcile(o: Observation, now: Date): readonly LabelMove[] {
  const pending = o.pending;
  const age = pending ? elapsed(pending.createdAt, now) : 0;
  if (pending && age < ROTATION_IN_FLIGHT) return markLeaks(o);
  const unstick: LabelMove[] =
    pending && age >= ROTATION_STALE ? [{ do: 'clear-pending', versionId: pending.id }] : [];
  return withinBudget(o.versions, [...markLeaks(o), ...unstick, ...settle(o, now), ...letGo(o, now)]);
}

/**
 * Every reported key has its label, on a version that holds it, and beside its role where it has one: an earlier release wrote a tag, people move
 * labels, and they write the same key again.
 */
function markLeaks(o: Observation): readonly LabelMove[] {
  return o.leaks.flatMap(({ beginning, on: at }) => {
    const sits = o.versions.find((v) => v.leaks.some((leak) => leak.beginning === beginning));
    const holder = holderOfKey(o, beginning);
    if (!holder) return [];
    const fits = sits && fingerprintOf(sits)?.startsWith(beginning);
    if (fits && (hasRole(sits) || !hasRole(holder))) return [];
    const fingerprint = fingerprintOf(holder)!;
    return [{ do: 'mark-leaked', versionId: holder.id, fingerprint, at, ...(sits && { from: sits.id }) }];
  });
}

/** A refused key is no longer followed once it is another team's, or when its time is over and it is proven dead or another secret's. */
const letGo = (o: Observation, now: Date): readonly LabelMove[] =>
  o.followed
    .filter(
      ({ version, until }) =>
        isAnotherTeams(version) ||
        (until <= now && (version.verdict?.kind === 'DEAD' || version.heldIn !== undefined)),
    )
    .flatMap(({ version }) => unpins(version, version.followed));

const isAnotherTeams = ({ verdict, whereabouts }: Followed['version']) =>
  verdict?.kind === 'ALIVE' && whereabouts === 'elsewhere';

function settle(o: Observation, now: Date): readonly LabelMove[] {
  const current = o.live;
  if (!current) return [];
  const accepted = o.accepted;
  const isSettled = needsNoKey(current)
    ? needsNoKey(accepted)
    : sameKey(current, accepted) && faultOf(current, o) !== 'malformed';
  if (isSettled)
    return [...pinSuperseded(o, now, answers), ...dropTakenBack(o, now), ...dropInert(o, current, accepted!)];
  // What could not be read may be a key: it keeps its label until it can be.
  if (accepted?.content.kind === 'unread') return [];
  if (needsNoKey(current)) return accept(o, current, now);
  const back = mayRollBack(o, current, accepted) ? [rollBack(o, current, accepted)] : [];
  if (isGood(current) && !faultOf(current, o) && back.length === 0) return accept(o, current, now);
  return [...back, ...pinSuperseded(o, now, answers)];
}

const mayRollBack = (o: Observation, current: KeyVersion, accepted?: KeyVersion): accepted is KeyVersion =>
  accepted !== undefined &&
  o.policy.autoRollback &&
  (isLeaked(o, current) || unacceptedFaultOf(o, current) !== undefined) &&
  isGood(accepted) &&
  !isLeaked(o, accepted);

const isLeaked = (o: Observation, version: KeyVersion) => leakedOn(o, fingerprintOf(version)) !== undefined;

/**
 * The new key is live and good, or the secret needs none any more: pin what it supersedes, then accept it, then drop its submission. In this order a good key always has a label.
 * ACCEPTED goes to the oldest version that was live with this key in such a place, so that the key's age survives.
 */
function accept(o: Observation, current: KeyVersion, now: Date): readonly LabelMove[] {
  const accepted = o.accepted;
  const until = graceFrom(now, isKnownDead(o, accepted) ? 0 : graceHoursOf(o, accepted));
  const pins: LabelMove[] =
    accepted && fingerprintOf(accepted) !== undefined && accepted.retire.length + accepted.leaks.length === 0
      ? [{ do: 'pin', versionId: accepted.id, until }]
      : [];
  const pinnedKey = pins.length > 0 ? fingerprintOf(accepted) : undefined;
  const others = pinSuperseded(o, now, (version) => version.verdict?.kind !== 'DEAD', pinnedKey);
  const oldest = o.versions
    .filter(
      (v) => sameKey(v, current) && (v.current || v.previous || v.retire.length > 0 || v.leaks.length > 0),
    )
    .filter((v) => isMisplaced(v) === isMisplaced(current))
    .reduce((a, b) => (b.createdAt < a.createdAt ? b : a), current);
  const move: LabelMove = { do: 'accept', versionId: oldest.id, from: accepted?.id };
  return [...pins, ...others, move, ...dropInert(o, current, oldest)];
}

/** A key that died while it was live, by a leak or an expiry, needs no grace period. Its death is proven all the same. */
const isKnownDead = ({ memory }: Observation, version: KeyVersion | undefined) =>
  memory.verdict?.kind === 'DEAD' && memory.verdict.fingerprint === fingerprintOf(version);

/** A leaked key gets no grace period: whoever has it would profit, too. */
const graceHoursOf = (o: Observation, version: KeyVersion | undefined) =>
  leakedOn(o, fingerprintOf(version)) ? 0 : o.policy.graceHours;

/** Keeps a key through a grace period that begins now. */
const supersede = (o: Observation, version: KeyVersion, now: Date): LabelMove => ({
  do: 'pin',
  versionId: version.id,
  until: graceFrom(now, graceHoursOf(o, version)),
});

/** Back to the accepted key. The bad value is not pinned: it is dead, no key, or another team's. */
const rollBack = (o: Observation, current: KeyVersion, accepted: KeyVersion): LabelMove => ({
  do: 'make-current',
  versionId: newestWith(o, accepted).id,
  from: current.id,
});

/** A submission that was rolled back before acceptance must not be promoted again. Its key is superseded as if it had been accepted. */
function dropTakenBack(o: Observation, now: Date): readonly LabelMove[] {
  const submitted = o.submitted;
  const left = o.versions.find((v) => v.previous && sameKey(v, submitted));
  // One that was submitted again later is intended.
  if (!submitted || !left || submitted.createdAt > left.createdAt) return [];
  const pins = left.retire.length > 0 ? [] : [supersede(o, left, now)];
  return [...pins, { do: 'clear-submitted', versionId: submitted.id }];
}

/** Untracked keys get a deadline. `worthPinning` keeps a key that was already proven dead from being pinned again for ever. */
function pinSuperseded(
  o: Observation,
  now: Date,
  worthPinning: (version: KeyVersion) => boolean,
  alreadyPinned?: string,
): readonly LabelMove[] {
  const known = new Set([...o.retiring.map(({ ref }) => ref.fingerprint), alreadyPinned]);
  return o.loose
    .filter((version) => version.whereabouts !== 'elsewhere' && worthPinning(version))
    .flatMap((version) => {
      const fingerprint = fingerprintOf(version)!;
      if (known.has(fingerprint)) return [];
      known.add(fingerprint);
      return [supersede(o, version, now)];
    });
}

/**
 * Meaningless labels: a deadline on the live key under any version, on the accepted version, on a leaked key or on what is no key; all but the
 * latest deadline of a version; a followed key that has another role; a submission that is live already.
 */
function dropInert(o: Observation, current: KeyVersion, accepted: KeyVersion): readonly LabelMove[] {
  const deadlines = o.versions.flatMap((version) => {
    const { kind } = version.content;
    const isNoKey = kind !== 'key' && kind !== 'unread';
    const inert = version.id === accepted.id || version.current || sameKey(version, current) || isNoKey;
    const over = inert || o.versions.some((v) => leaks(v) && sameKey(v, version));
    const latest = Math.max(...version.retire.map(({ until }) => until.getTime()));
    const tracked =
      inert || sameKey(version, accepted) || o.retiring.some((each) => sameKey(each.version, version));
    return unpins(version, [
      ...version.retire.filter(({ until }) => over || until.getTime() < latest),
      ...(tracked ? version.followed : []),
      ...(isNoKey ? version.leaks : []),
    ]);
  });
  const submitted = o.submitted;
  const live = submitted && sameKey(submitted, current);
  return live ? [...deadlines, { do: 'clear-submitted', versionId: submitted.id }] : deadlines;
}

/** Its leak is its deadline. */
const leaks = (version: KeyVersion) => version.leaks.length > 0 && !version.accepted && !version.submitted;
