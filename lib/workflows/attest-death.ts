import { memoryFromTags } from '../contract/memory-tags';
import { toStageMove } from '../contract/stage-moves';
import { finding } from '../domain/make-finding';
import { answers, currentOf, refOf } from '../domain/versions';
import { remember } from './check';
import { findRetiring } from './find-retiring';
import { IllegalTransition } from './illegal-transition';
import { judgeKeys } from './judge-keys';
import { read } from './observe';
import { compose, deliver } from './tell';
import type { World } from './world';

/**
 * Ends a rotation on a human's word where no probe can: "who saw what". Refused while the key still answers. The record says that it was
 * attested, and by whom.
 */
export async function attestDeath(
  secretId: string,
  wanted: { fingerprint?: string; statement: string },
  world: World,
) {
  const { secret, observation, keys } = await read(secretId, world);
  const { version, ref } = findRetiring(observation, wanted.fingerprint);
  const [verdict] = await judgeKeys(
    [{ key: keys.get(version.id)!, probe: 'count-tokens' }],
    observation.policy.probeModel,
    world,
  );
  if (answers({ ...version, verdict }))
    throw new IllegalTransition(
      'key-still-answers',
      `${ref.hint} still answers (${verdict!.kind}): switch it off in the Console first.`,
    );
  const current = refOf(currentOf(observation));
  if (!current)
    throw new IllegalTransition(
      'not-a-key',
      'The secret holds no live key, so no rotation can be completed.',
    );
  const now = world.clock.now();
  const memory = memoryFromTags(secret.tags);
  const timeline = { ...memory.timeline, fingerprint: ref.fingerprint, provenAt: now };
  const proof = { by: 'attestation' as const, statement: wanted.statement };
  const complete = finding(
    'rotation-complete',
    '0',
    { retired: ref, proof, current, timeline },
    ref.fingerprint,
  );
  await remember(secret, { ...memory, timeline }, world);
  if (!(await deliver(compose(observation, complete, world), world)))
    throw new IllegalTransition(
      'refused',
      'The notice of it could not be sent, so the label stays. Try again when the topic has a listener.',
    );
  for (const { label } of version.retire)
    await world.store.moveLabel(secret.arn, toStageMove({ do: 'unpin', versionId: version.id, label }));
  return { retired: ref, statement: wanted.statement };
}
