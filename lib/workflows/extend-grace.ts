import type { LabelMove } from '../domain/label-move';
import { leakedOn } from '../domain/memory';
import { LONGEST_EXTENSION_HOURS } from '../domain/policy';
import {
  graceFrom,
  holderOfKey,
  type Observation,
  type Retiring,
  refOf,
  sameKey,
  unpins,
} from '../domain/secret';
import { HOUR, MINUTE } from '../domain/time';
import { IllegalTransition } from './errors';
import { read } from './fetch-secret';
import type { Ports } from './ports';
import { moveLabels } from './write-secret';

/**
 * Moves the end of a superseded key's grace. The new label comes first, so that the key is never without one. By its fingerprint a key
 * whose rotation is over gets a deadline again, so that a reactivated key is not forgotten alive.
 */
export async function setGraceEnd(
  secretId: string,
  wanted: { fingerprint?: string; until?: Date; hoursFromNow?: number },
  ports: Ports,
) {
  const now = ports.clock.now();
  const { hoursFromNow = wanted.until ? (wanted.until.getTime() - now.getTime()) / HOUR : Number.NaN } =
    wanted;
  if (!(hoursFromNow >= 0 && hoursFromNow <= LONGEST_EXTENSION_HOURS))
    throw new IllegalTransition(
      'too-long',
      `Grace cannot end ${wanted.until ? `at ${wanted.until.toISOString()}, in` : 'in'} ${Math.round(hoursFromNow)} hours: 0 to ${LONGEST_EXTENSION_HOURS} are possible.`,
    );
  const { secret, observation } = await read(secretId, ports, true);
  const other = untracked(observation, wanted.fingerprint);
  const { version, ref } = findRetiring(observation, wanted.fingerprint, other);
  if (leakedOn(observation, ref.fingerprint) && hoursFromNow > 0)
    throw new IllegalTransition(
      'refused',
      `${ref.hint} was reported as leaked, so it gets no more time. If that was wrong, \`reactivate\` withdraws the report.`,
    );
  const until = graceFrom(now, hoursFromNow);
  const before = new Date(Math.max(...version.retire.map((label) => label.until.getTime()), 0));
  if (wanted.until && until < before)
    throw new IllegalTransition(
      'refused',
      `The grace of ${ref.hint} ends ${before.toISOString()} already, later than ${until.toISOString()}. Nothing was changed.`,
    );
  const others = version.retire.filter((label) => label.until.getTime() !== until.getTime());
  const pin: LabelMove = { do: 'pin', versionId: version.id, until };
  await moveLabels(secret, [pin, ...unpins({ ...version, retire: others })], ports);
  return { key: ref, before, until, longer: until.getTime() - before.getTime() >= MINUTE };
}

/** A version with the key that is neither live nor accepted nor submitted. */
function untracked(o: Observation, fingerprint: string | undefined) {
  if (fingerprint === undefined) return undefined;
  const inUse = [o.live, o.accepted, o.submitted];
  const version = holderOfKey(o, fingerprint);
  return version && !inUse.some((other) => sameKey(other, version))
    ? { version, ref: refOf(version)! }
    : undefined;
}

/** The superseded key with this prefix of its fingerprint, or the only one there is. `other` is one more candidate. */
export function findRetiring<T extends Pick<Retiring, 'version' | 'ref'> = Retiring>(
  o: Observation,
  fingerprint: string | undefined,
  other?: T,
): Retiring | T {
  const all = [...o.retiring, ...(other ? [other] : [])];
  const known = all.map(({ ref }) => `${ref.fingerprint} (${ref.hint})`).join(', ');
  if (all.length === 0) throw new IllegalTransition('nothing-retiring', 'There is no superseded key here.');
  const fitting = all.filter(({ ref }) => ref.fingerprint.startsWith(fingerprint ?? ''));
  if (fitting.length === 0)
    throw new IllegalTransition(
      'no-such-key',
      `No superseded key has the fingerprint ${fingerprint}. There are: ${known}.`,
    );
  if (new Set(fitting.map(({ ref }) => ref.fingerprint)).size > 1)
    throw new IllegalTransition(
      'which-key',
      `More than one superseded key fits: ${known}. Name one by its fingerprint.`,
    );
  return fitting[0]!;
}
