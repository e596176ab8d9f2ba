import { toStageMove } from '../contract/stage-moves';
import type { LabelMove } from '../domain/action';
import { currentOf, graceFrom, refOf } from '../domain/versions';
import { checkKey } from './check';
import { findRetiring } from './find-retiring';
import { IllegalTransition } from './illegal-transition';
import { judgeKeys } from './judge-keys';
import { read } from './observe';
import type { World } from './world';

/**
 * Makes a superseded key the live one again, after proving it ALIVE. The key it leaves is retired as in every promotion, and keeps
 * working until its grace ends.
 */
export async function rollBack(secretId: string, wanted: { fingerprint?: string }, world: World) {
  const { secret, observation, keys } = await read(secretId, world);
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
  const left = currentOf(observation)!;
  const until = graceFrom(world.clock.now(), observation.policy.graceHours);
  const moves: LabelMove[] = [
    { do: 'make-current', versionId: version.id, from: left.id },
    ...(refOf(left) && left.retire.length === 0 ? [{ do: 'pin' as const, versionId: left.id, until }] : []),
  ];
  for (const move of moves) await world.store.moveLabel(secret.arn, toStageMove(move));
  await checkKey(secret.arn, world);
  return { live: ref, retired: refOf(left), until };
}
