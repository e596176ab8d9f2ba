import { isDocument } from '../contract/secret-value';
import { leakedOn } from '../domain/memory';
import { whereabouts } from '../domain/probe/verdict';
import type { LabelMove } from '../domain/secret';
import { acceptedBehind, homeOf, newestWith, refOf } from '../domain/secret';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { read } from './fetch-secret';
import { findRetiring } from './find-retiring';
import { judgeKeys } from './judge-keys';
import type { Ports } from './ports';
import { moveLabels } from './write-secret';

/**
 * Makes a superseded key the live one again, after proving it ALIVE. The check that follows accepts it and retires the key it leaves, as in
 * every promotion; where that dies, the next check does. Asking again by fingerprint changes nothing.
 */
export async function rollBack(secretId: string, wanted: { fingerprint?: string }, ports: Ports) {
  const { secret, observation, keys } = await read(secretId, ports, true);
  const left = observation.live!;
  const live = refOf(left);
  if (wanted.fingerprint && live?.fingerprint.startsWith(wanted.fingerprint)) {
    await checkKey(secret.arn, ports);
    return { live };
  }
  const { version, ref } = findRetiring(observation, wanted.fingerprint, acceptedBehind(observation));
  if (leakedOn(observation, ref.fingerprint))
    throw new IllegalTransition(
      'refused',
      `${ref.hint} was reported as leaked, so nothing goes back to it. Submit a new key.`,
    );
  const [verdict] = await judgeKeys(
    [{ key: keys.get(version.id)!, probe: 'messages' }],
    observation.policy.probeModel,
    ports,
  );
  if (verdict!.kind !== 'ALIVE')
    throw new IllegalTransition(
      'key-not-alive',
      `${ref.hint} is ${verdict!.kind}, so nothing was rolled back. ${verdict!.advice}`,
    );
  if (whereabouts(homeOf(observation), verdict!.evidence) === 'elsewhere')
    throw new IllegalTransition(
      'refused',
      `${ref.hint} lives in another organization or workspace, so nothing goes back to it.`,
    );
  const versionId = newestWith(observation, version).id;
  const [to, from] = await Promise.all(
    [versionId, left.id].map(
      async (id) => (await ports.store.read(secret.arn, { versionId: id }))?.value ?? '',
    ),
  );
  if (isDocument(from!) && !isDocument(to!))
    throw new IllegalTransition(
      'refused',
      `That version holds ${ref.hint} as it was pasted, and services read a document. Submit the key: it is put into the document.`,
    );
  // A rotation that is under way would take the step back again, and nobody would hear of it.
  const pending = observation.pending;
  const moves: LabelMove[] = [
    ...(pending ? [{ do: 'clear-pending', versionId: pending.id } as const] : []),
    { do: 'make-current', versionId, from: left.id },
  ];
  await moveLabels(secret, moves, ports);
  await checkKey(secret.arn, ports);
  return { live: ref, retired: live };
}
