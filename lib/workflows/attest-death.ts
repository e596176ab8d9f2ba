import { memoryFromTags } from '../contract/memory-tags';
import { withSent } from '../domain/memory';
import { completed } from '../domain/rotation/retirement';
import { answers, refOf, unpins } from '../domain/secret';
import { IllegalTransition } from './errors';
import { findRetiring } from './extend-grace';
import { read } from './fetch-secret';
import { judgeKeys } from './judge-keys';
import type { Ports } from './ports';
import { compose, deliver } from './send-notices';
import { moveLabels, writeMemory } from './write-secret';

/** Ends a rotation on a human's statement, "who saw what", where no probe can. Refused while the key still answers. */
export async function attestDeath(
  secretId: string,
  wanted: { fingerprint?: string; statement: string },
  ports: Ports,
) {
  const { secret, observation, keys } = await read(secretId, ports);
  const retiring = findRetiring(observation, wanted.fingerprint);
  const { version, ref } = retiring;
  if (/^NAME\b/.test(wanted.statement))
    throw new IllegalTransition(
      'refused',
      'Replace NAME in the command by your own name: it is the evidence.',
    );
  const { live, policy } = observation;
  const current = refOf(live);
  if (!live || !current)
    throw new IllegalTransition(
      'not-a-key',
      'The secret holds no live key, so the rotation cannot be completed.',
    );
  const {
    verdicts: [verdict, ofLive],
  } = await judgeKeys(
    [
      { key: keys.get(version.id)!, probe: 'count-tokens' },
      { key: keys.get(live.id)!, probe: 'messages' },
    ],
    { model: policy.probeModel },
    ports,
  );
  if (answers({ ...version, verdict }))
    throw new IllegalTransition(
      'key-still-answers',
      `${ref.hint} still answers (${verdict!.kind}). Switch it off in the Console first.`,
    );
  if (ofLive!.kind !== 'ALIVE')
    throw new IllegalTransition(
      'key-not-alive',
      `The live key ${current.hint} is ${ofLive!.kind}, and a rotation needs a working one to be complete. ${ofLive!.advice}`,
    );
  const memory = memoryFromTags(secret.tags);
  const ofThisKey = memory.timeline.fingerprint === ref.fingerprint;
  const proof = { by: 'attestation', statement: wanted.statement } as const;
  const finding = completed(observation, retiring, proof, ports.clock.now());
  const { timeline } = finding.details;
  const notice = compose(observation, finding, ports);
  if (!(await deliver(notice, ports)))
    throw new IllegalTransition(
      'refused',
      'The notice could not be sent, so the label stays. Try again when the topic has a confirmed subscription.',
    );
  const sent = withSent(memory.sent, notice.id);
  await writeMemory(secret, { ...memory, sent, ...(ofThisKey ? { timeline } : {}) }, ports);
  ports.log.info('Key proven dead', { secret: secret.name, retired: ref, proof });
  await moveLabels(secret, unpins(version), ports);
  return { retired: ref, statement: wanted.statement };
}
