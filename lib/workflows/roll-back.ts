import { toStageMove } from '../contract/stage-moves';
import { currentOf, refOf } from '../domain/versions';
import { checkKey } from './check';
import { findRetiring } from './find-retiring';
import { IllegalTransition } from './illegal-transition';
import { judgeKeys } from './judge-keys';
import { read } from './observe';
import type { World } from './world';

/**
 * Makes a superseded key the live one again, after proving it ALIVE. The check that follows accepts it and retires the key it leaves, as in
 * every promotion; where that dies, the next check does. Asking again by fingerprint changes nothing.
 */
export async function rollBack(secretId: string, wanted: { fingerprint?: string }, world: World) {
  const { secret, observation, keys } = await read(secretId, world);
  const left = currentOf(observation)!;
  const live = refOf(left);
  if (wanted.fingerprint && live?.fingerprint.startsWith(wanted.fingerprint)) {
    await checkKey(secret.arn, world);
    return { live };
  }
  const { version, ref } = findRetiring(observation, wanted.fingerprint);
  const [verdict] = await judgeKeys(
    [{ key: keys.get(version.id)!, probe: 'messages' }],
    observation.policy.probeModel,
    world,
  );
  if (verdict!.kind !== 'ALIVE')
    throw new IllegalTransition(
      'key-not-alive',
      `${ref.hint} is ${verdict!.kind}, so nothing was rolled back. ${verdict!.advice}`,
    );
  const move = toStageMove({ do: 'make-current', versionId: version.id, from: left.id });
  await world.store.moveLabel(secret.arn, move);
  await checkKey(secret.arn, world);
  return { live: ref, retired: live };
}
