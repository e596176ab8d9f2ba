import { memoryFromTags } from '../contract/memory-tags';
import { peopleHave } from '../domain/findings/repeat';
import type { KeyRef } from '../domain/key';
import { withoutTold } from '../domain/memory';
import { missingPredecessor } from '../domain/rotation/predecessor';
import { completed } from '../domain/rotation/retirement';
import { answers, needsNoKey, type Observation, type Retiring, refOf, unpins } from '../domain/secret';
import { IllegalTransition } from './errors';
import { findRetiring } from './extend-grace';
import { read } from './fetch-secret';
import { judgeKeys } from './judge-keys';
import type { Ports } from './ports';
import type { Prepared } from './prepared';
import { compose, tellFirst } from './send-notices';
import { moveLabels, writeMemory } from './write-secret';

/** Ends a rotation on a human's statement, "who saw what", where no probe can. Refused while the key still answers. */
export async function attestDeath(
  secretId: string,
  wanted: { fingerprint?: string; statement: string },
  ports: Ports,
): Promise<Prepared<{ readonly retired: KeyRef; readonly statement: string }>> {
  const { secret, observation, keys } = await read(secretId, ports);
  const retiring =
    lostKey(observation, wanted.fingerprint) ?? findRetiring<Retiring>(observation, wanted.fingerprint);
  const { version, ref } = retiring;
  if (/^NAME\b/.test(wanted.statement))
    throw new IllegalTransition(
      'refused',
      'Replace NAME in the command by your own name: it is the evidence.',
    );
  const { live, policy } = observation;
  const current = refOf(live);
  if (!live || !(current || needsNoKey(live)))
    throw new IllegalTransition(
      'not-a-key',
      'The secret holds no live key, so the rotation cannot be completed.',
    );
  const old = version && keys.get(version.id);
  const liveKey = keys.get(live.id);
  const { verdicts } = await judgeKeys(
    [
      ...(liveKey ? [{ key: liveKey, probe: 'messages' } as const] : []),
      ...(old ? [{ key: old, probe: 'count-tokens' } as const] : []),
    ],
    { model: policy.probeModel },
    ports,
  );
  const [ofLive, verdict] = liveKey ? verdicts : [undefined, ...verdicts];
  if (version && answers({ ...version, verdict }))
    throw new IllegalTransition(
      'key-still-answers',
      `${ref.hint} still answers (${verdict!.kind}). Switch it off in the Console first.`,
    );
  if (current && ofLive!.kind !== 'ALIVE')
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
  return {
    outcome: { retired: ref, statement: wanted.statement },
    async perform() {
      const again = peopleHave(memory.notices[finding.id], finding.reminder);
      const told = await tellFirst(notice, finding, memory, ports);
      if (!told.heard || !(told.emitted || again)) {
        await writeMemory(secret, told.memory, ports);
        throw new IllegalTransition('refused', told.heard ? NO_EVENT : NOT_HEARD);
      }
      const { sent, notices } = withoutTold(told.memory, finding.id);
      const retiringHints = memory.retiringHints.filter((hint) => hint !== ref.hint);
      const retiringKeys = memory.retiringKeys.filter(({ fingerprint }) => fingerprint !== ref.fingerprint);
      const known = { ...memory, sent, notices, retiringHints, retiringKeys };
      await writeMemory(secret, ofThisKey ? { ...known, timeline } : known, ports);
      ports.log.info('Key proven dead', { secret: secret.name, retired: ref, proof });
      if (version) await moveLabels(secret, unpins(version), ports);
    },
  };
}

const NOT_HEARD =
  'The notice could not be sent, so the label stays. Try again when the topic has a confirmed subscription.';

/** A check cannot make it up for: only this command knows the statement. The second time it ends the rotation without. */
const NO_EVENT =
  'The mail is sent, and EventBridge did not take its event: the log of the function says why. Run the same command again. It sends no second mail, and ends the rotation even if the event fails again.';

/** The predecessor that memory knows and no version holds any more: nothing can be asked about it. */
function lostKey(o: Observation, wanted = '') {
  const missing = missingPredecessor(o);
  if (!missing || missing.version || !missing.fingerprint.startsWith(wanted)) return undefined;
  if (wanted === '' && o.retiring.length > 0) return undefined;
  const { fingerprint, until = o.createdAt } = missing;
  return { version: undefined, ref: { versionId: '', fingerprint, hint: '' }, until };
}
