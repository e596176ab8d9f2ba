import { toStageMove } from '../contract/stage-moves';
import { HOUR } from '../domain/time';
import { graceFrom } from '../domain/versions';
import { findRetiring } from './find-retiring';
import { IllegalTransition } from './illegal-transition';
import { read } from './observe';
import type { World } from './world';

/** The longest that a human may set in one go. */
const LONGEST_EXTENSION_HOURS = 14 * 24;

/** Moves the end of a superseded key's grace: the new label first, then the old ones go, so that the key is never without one. */
export async function setGraceEnd(
  secretId: string,
  wanted: { fingerprint?: string; hoursFromNow: number },
  world: World,
) {
  const { hoursFromNow } = wanted;
  if (!(hoursFromNow >= 0 && hoursFromNow <= LONGEST_EXTENSION_HOURS))
    throw new IllegalTransition(
      'too-long',
      `${hoursFromNow} hours were asked for; 0 to ${LONGEST_EXTENSION_HOURS} are possible.`,
    );
  const { secret, observation } = await read(secretId, world);
  const { version, ref, until: before } = findRetiring(observation, wanted.fingerprint);
  const until = graceFrom(world.clock.now(), hoursFromNow);
  await world.store.moveLabel(secret.arn, toStageMove({ do: 'pin', versionId: version.id, until }));
  for (const { label, until: old } of version.retire) {
    if (old.getTime() === until.getTime()) continue;
    await world.store.moveLabel(secret.arn, toStageMove({ do: 'unpin', versionId: version.id, label }));
  }
  return { key: ref, before, until, longer: until.getTime() - before.getTime() >= HOUR / 60 };
}
