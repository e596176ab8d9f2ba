import { leakedOn } from '../memory';
import {
  answers,
  faultOf,
  fingerprintOf,
  graceFrom,
  isDirectEdit,
  isGood,
  type KeyVersion,
  type LabelMove,
  newestWith,
  type Observation,
  sameKey,
} from '../secret';
import { elapsed, MINUTE } from '../time';

/** A rotation younger than this may be moving labels right now: nobody else does. */
export const ROTATION_IN_FLIGHT = 15 * MINUTE;

/** A rotation older than this has died: its AWSPENDING is taken off so that the next one can start. */
export const ROTATION_STALE = 30 * MINUTE;

/**
 * The label moves that bring a secret from whatever state it is in to the one where the accepted key is current, every superseded key is
 * pinned and nothing inert is left, in the order in which a crash between any two of them is safe. The one function behind the end of a
 * rotation, crash recovery and direct edits. UNKNOWN moves nothing.
 */
export function reconcile(o: Observation, now: Date): readonly LabelMove[] {
  const pending = o.pending;
  const age = pending ? elapsed(pending.createdAt, now) : 0;
  if (pending && age < ROTATION_IN_FLIGHT) return [];
  const unstick: LabelMove[] =
    pending && age >= ROTATION_STALE ? [{ do: 'clear-pending', versionId: pending.id }] : [];
  return [...unstick, ...settle(o, now)];
}

function settle(o: Observation, now: Date): readonly LabelMove[] {
  const current = o.live;
  if (!current) return [];
  const accepted = o.accepted;
  if (sameKey(current, accepted))
    return [...pinSuperseded(o, now, answers), ...dropTakenBack(o, now), ...dropInert(o, current, accepted!)];
  // What could not be read may be a key: it keeps its label until it can be.
  if (accepted?.content.kind === 'unread') return [];
  if (isGood(current)) return accept(o, current, now);
  if (mayRollBack(o, current, accepted)) return rollBack(o, current, accepted, now);
  return pinSuperseded(o, now, answers);
}

function mayRollBack(
  o: Observation,
  current: KeyVersion,
  accepted: KeyVersion | undefined,
): accepted is KeyVersion {
  return (
    o.policy.autoRollback &&
    faultOf(current) !== undefined &&
    isDirectEdit(o, current) &&
    accepted !== undefined &&
    isGood(accepted) &&
    !leakedOn(o, fingerprintOf(accepted))
  );
}

/**
 * New key live and good: pin what it supersedes, then say that it is accepted, then drop its submission. In this order the good key is
 * never without a label. ACCEPTED goes to the oldest version that was live with this value, so that the key's age survives.
 */
function accept(o: Observation, current: KeyVersion, now: Date): readonly LabelMove[] {
  const accepted = o.accepted;
  const until = graceFrom(now, isKnownDead(o, accepted) ? 0 : graceHoursOf(o, accepted));
  const pins: LabelMove[] =
    accepted && fingerprintOf(accepted) !== undefined && accepted.retire.length === 0
      ? [{ do: 'pin', versionId: accepted.id, until }]
      : [];
  const pinnedKey = pins.length > 0 ? fingerprintOf(accepted) : undefined;
  const others = pinSuperseded(o, now, (version) => version.verdict?.kind !== 'DEAD', pinnedKey);
  const oldest = o.versions
    .filter((v) => sameKey(v, current) && (v.current || v.previous || v.retire.length > 0))
    .reduce((a, b) => (b.createdAt < a.createdAt ? b : a), current);
  const move: LabelMove = { do: 'accept', versionId: oldest.id, from: accepted?.id };
  return [...pins, ...others, move, ...dropInert(o, current, oldest)];
}

/** A key that was found dead while it was live needs no grace: that follows a leak or an expiry. Its death is proven all the same. */
const isKnownDead = ({ memory }: Observation, version: KeyVersion | undefined) =>
  memory.verdict?.kind === 'DEAD' && memory.verdict.fingerprint === fingerprintOf(version);

/** A leaked key gets no grace: whoever has it would have it, too. */
const graceHoursOf = (o: Observation, version: KeyVersion | undefined) =>
  leakedOn(o, fingerprintOf(version)) ? 0 : o.policy.graceHours;

/** Keeps a key through the grace that begins now. */
const supersede = (o: Observation, version: KeyVersion, now: Date): LabelMove => ({
  do: 'pin',
  versionId: version.id,
  until: graceFrom(now, graceHoursOf(o, version)),
});

/**
 * Back to the accepted key. What was put in is not pinned: it is dead, no key, or lives elsewhere, where somebody else keeps it.
 */
function rollBack(
  o: Observation,
  current: KeyVersion,
  accepted: KeyVersion,
  now: Date,
): readonly LabelMove[] {
  const back: LabelMove = { do: 'make-current', versionId: newestWith(o, accepted).id, from: current.id };
  return [back, ...pinSuperseded(o, now, answers)];
}

/**
 * A submission that was live and from which somebody went back before it was accepted: it is over, and must not be promoted again. The key
 * is superseded as if it had been accepted.
 */
function dropTakenBack(o: Observation, now: Date): readonly LabelMove[] {
  const submitted = o.submitted;
  const left = o.versions.find((v) => v.previous && sameKey(v, submitted));
  // One that was handed in again later is meant.
  if (!submitted || !left || submitted.createdAt > left.createdAt) return [];
  const pins = left.retire.length > 0 ? [] : [supersede(o, left, now)];
  return [...pins, { do: 'clear-submitted', versionId: submitted.id }];
}

/**
 * Keys that were overtaken by edits before anybody looked: newer than the accepted version, not live, not waiting, without a deadline.
 * `worthPinning` keeps a key that was already proven dead from being pinned again for ever.
 */
function pinSuperseded(
  o: Observation,
  now: Date,
  worthPinning: (version: KeyVersion) => boolean,
  alreadyPinned?: string,
): readonly LabelMove[] {
  const known = new Set([
    ...o.retiring.map(({ ref }) => ref.fingerprint),
    ...(alreadyPinned ? [alreadyPinned] : []),
  ]);
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
 * Labels that say nothing any more: a deadline on the live key under any version, on the accepted version or on what is no key; all but the
 * latest deadline of a version; a submission that is live already.
 */
function dropInert(o: Observation, current: KeyVersion, accepted: KeyVersion): readonly LabelMove[] {
  const deadlines = o.versions.flatMap((version) => {
    const inert =
      version.id === accepted.id ||
      version.current ||
      sameKey(version, current) ||
      version.content.kind === 'placeholder' ||
      version.content.kind === 'other' ||
      version.content.kind === 'malformed';
    const latest = Math.max(...version.retire.map(({ until }) => until.getTime()));
    return version.retire
      .filter(({ until }) => inert || until.getTime() < latest)
      .map(({ label }): LabelMove => ({ do: 'unpin', versionId: version.id, label }));
  });
  const submitted = o.submitted;
  const live = submitted && sameKey(submitted, current);
  return live ? [...deadlines, { do: 'clear-submitted', versionId: submitted.id }] : deadlines;
}
