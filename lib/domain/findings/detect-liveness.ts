import type { KeyRef } from '../key';
import { leakedOn, type RememberedVerdict, timelineOf } from '../memory';
import {
  acceptedBehind,
  acceptedOf,
  answers,
  badBecause,
  currentOf,
  fingerprintOf,
  homeOf,
  isGood,
  type KeyVersion,
  type Observation,
  putInByHand,
  refOf,
  retiringOf,
  sameKey,
} from '../secret';
import { DAY, daysBetween, elapsed, HOUR, plus } from '../time';
import { type Finding, findingId } from './finding';
import { finding } from './make-finding';
import { rungOf } from './repeat';

/** How long a key may go without a conclusive answer before it is worth a word. */
export const INCONCLUSIVE_AFTER = DAY;

/** Whether the live key works, as its probe says. */
export function livenessFindings(
  o: Observation,
  current: KeyVersion,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const ref = refOf(current);
  const verdict = current.verdict;
  if (!ref || !verdict) return [];
  const since = remembered?.since ?? now;
  const accepted = acceptedOf(o);
  const bad = badBecause(current);
  if (bad && accepted && !sameKey(current, accepted) && putInByHand(o, current)) {
    const details = { current: ref.hint, version: current.id, accepted: refOf(accepted), cause: bad };
    const rung = rungOf('direct-edit-refused', daysBetween(since, now));
    return [finding('direct-edit-refused', rung, details, current.id)];
  }
  if (bad === 'elsewhere') {
    const { organizationId, workspaceId } = verdict.evidence;
    const details = { current: ref, seen: { organizationId, workspaceId }, expected: homeOf(o) };
    return [finding('foreign', rungOf('foreign', daysBetween(since, now)), details, ref.fingerprint)];
  }
  if (bad === 'dead') {
    const behind = acceptedBehind(o);
    const fallback = [...retiringOf(o), ...(behind ? [behind] : [])].find(
      ({ version, ref: { fingerprint } }) => isGood(version) && !leakedOn(o, fingerprint),
    )?.ref;
    const details = {
      current: ref,
      since,
      evidence: verdict.evidence,
      onPurpose: isOnPurpose(o, ref),
      fallback,
    };
    return [finding('dead', rungOf('dead', daysBetween(since, now)), details, ref.fingerprint)];
  }
  if (verdict.kind === 'BLOCKED') return blocked(ref, verdict, since, now);
  return verdict.kind === 'UNKNOWN' ? inconclusive(ref, verdict, remembered, now) : [];
}

const isOnPurpose = (o: Observation, { fingerprint }: KeyRef) =>
  leakedOn(o, fingerprint) !== undefined || timelineOf(o.memory, fingerprint).deactivatedAt !== undefined;

/** Anthropic takes some minutes until a change is known everywhere. */
function wasSwitchedOff({ memory }: Observation, { fingerprint }: KeyRef, now: Date): boolean {
  const { deactivatedAt } = timelineOf(memory, fingerprint);
  return deactivatedAt !== undefined && now < plus(deactivatedAt, HOUR);
}

/** Every key that was reported as leaked and still answers. */
export function leakFindings(o: Observation, now: Date): readonly Finding[] {
  const found = new Set<string>();
  return o.versions.flatMap((version) => {
    const leaked = refOf(version);
    const on = leakedOn(o, leaked?.fingerprint);
    if (!leaked || !on || !answers(version) || found.has(leaked.fingerprint)) return [];
    found.add(leaked.fingerprint);
    if (wasSwitchedOff(o, leaked, now)) return [];
    const live = leaked.fingerprint === fingerprintOf(currentOf(o));
    const details = { leaked, state: 'still-works' as const, live, evidence: version.verdict!.evidence };
    return [finding('contained', rungOf('contained', daysBetween(on, now)), details, leaked.fingerprint)];
  });
}

function blocked(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'BLOCKED' }>,
  since: Date,
  now: Date,
): readonly Finding[] {
  const patience = verdict.reason === 'rate-limit' ? INCONCLUSIVE_AFTER : 0;
  if (elapsed(since, now) < patience) return [];
  const { reason, advice, evidence } = verdict;
  const rung = rungOf('blocked', daysBetween(plus(since, patience), now));
  const found = finding('blocked', rung, { current, reason, since, advice, evidence });
  return [{ ...found, id: findingId('blocked', reason) }];
}

function inconclusive(
  current: KeyRef,
  verdict: Extract<KeyVersion['verdict'], { kind: 'UNKNOWN' }>,
  remembered: RememberedVerdict | undefined,
  now: Date,
): readonly Finding[] {
  const since = remembered?.unknownSince ?? now;
  const late = plus(since, INCONCLUSIVE_AFTER);
  if (now <= late) return [];
  const { reason, advice } = verdict;
  return [
    finding('inconclusive', rungOf('inconclusive', daysBetween(late, now)), {
      current,
      since,
      reason,
      advice,
    }),
  ];
}
