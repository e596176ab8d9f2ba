import { LONGEST_EXTENSION_HOURS } from '../domain/policy';
import type { LabelMove, Observation } from '../domain/secret';
import { fingerprintOf, graceFrom, refOf, sameKey, unpins } from '../domain/secret';
import { MINUTE } from '../domain/time';
import { IllegalTransition } from './errors';
import { read } from './fetch-secret';
import { findRetiring } from './find-retiring';
import type { Ports } from './ports';
import { moveLabels } from './write-secret';

/**
 * Moves the end of a superseded key's grace: the new label first, then the old ones go, so that the key is never without one. A key whose
 * rotation is over and that is named by its fingerprint gets a deadline again: whoever switches one on again must not forget it alive.
 */
export async function setGraceEnd(
  secretId: string,
  wanted: { fingerprint?: string; hoursFromNow: number },
  ports: Ports,
) {
  const { hoursFromNow } = wanted;
  if (!(hoursFromNow >= 0 && hoursFromNow <= LONGEST_EXTENSION_HOURS))
    throw new IllegalTransition(
      'too-long',
      `${hoursFromNow} hours were asked for; 0 to ${LONGEST_EXTENSION_HOURS} are possible.`,
    );
  const { secret, observation } = await read(secretId, ports, true);
  const { version, ref } = findRetiring(
    observation,
    wanted.fingerprint,
    untracked(observation, wanted.fingerprint),
  );
  const until = graceFrom(ports.clock.now(), hoursFromNow);
  const before = new Date(Math.max(...version.retire.map((label) => label.until.getTime()), 0));
  const others = version.retire.filter((label) => label.until.getTime() !== until.getTime());
  const pin: LabelMove = { do: 'pin', versionId: version.id, until };
  await moveLabels(secret, [pin, ...unpins({ ...version, retire: others })], ports);
  return { key: ref, before, until, longer: until.getTime() - before.getTime() >= MINUTE };
}

/** A version that holds the key and is neither live nor accepted nor on its way to become so. */
function untracked(o: Observation, fingerprint: string | undefined) {
  const version = o.versions.find(
    (v) =>
      fingerprint !== undefined &&
      fingerprintOf(v)?.startsWith(fingerprint) &&
      !sameKey(v, o.live) &&
      !sameKey(v, o.accepted) &&
      !sameKey(v, o.submitted),
  );
  return version && { version, ref: refOf(version)! };
}
