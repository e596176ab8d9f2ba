import { isDocument } from '../contract/secret-value';
import type { KeyRef } from '../domain/key';
import type { LabelMove } from '../domain/label-move';
import { leakedOn } from '../domain/memory';
import { whereabouts } from '../domain/probe/verdict';
import { withdraw } from '../domain/rotation/refuse';
import {
  acceptedBehind,
  homeOf,
  isMisplaced,
  newestWith,
  type Observation,
  refOf,
  sameKey,
} from '../domain/secret';
import { checkKey } from './check';
import { IllegalTransition } from './errors';
import { findRetiring } from './extend-grace';
import { read } from './fetch-secret';
import { controlsFor } from './find-control';
import { judgeKeys } from './judge-keys';
import type { Ports } from './ports';
import type { Prepared } from './prepared';
import { moveLabels } from './write-secret';

/** Which key is live after a rollback, which one is retired by it, and which waiting submission it withdraws. */
export interface RolledBack {
  readonly live: KeyRef;
  readonly retired?: KeyRef;
  readonly withdrawn?: KeyRef;
}

/**
 * Makes a superseded key live again after proving it ALIVE. The check that follows accepts it and retires the other key; if it crashes, the
 * next check does. Repeating the command with the fingerprint changes nothing.
 */
export async function rollBack(
  secretId: string,
  wanted: { fingerprint?: string; homeUnknown?: boolean },
  ports: Ports,
): Promise<Prepared<RolledBack>> {
  const { secret, observation, keys } = await read(secretId, ports, { every: true });
  const current = observation.live!;
  const live = refOf(current);
  const check = async () => void (await checkKey(secret.arn, ports));
  if (wanted.fingerprint && live?.fingerprint.startsWith(wanted.fingerprint))
    return { outcome: { live }, perform: check };
  const { retiring, behind } = waysBack(observation, wanted.fingerprint);
  const { version, ref } = findRetiring({ ...observation, retiring }, wanted.fingerprint, behind);
  if (leakedOn(observation, ref.fingerprint))
    throw new IllegalTransition(
      'refused',
      `${ref.hint} was reported as leaked, so it cannot become live again. Submit a new key.`,
    );
  const { probeModel } = observation.policy;
  const home = homeOf(observation);
  const {
    verdicts: [verdict],
  } = await judgeKeys(
    [{ key: keys.get(version.id)!, probe: 'messages' }],
    { model: probeModel, home, controls: controlsFor(observation, keys, ports) },
    ports,
  );
  if (verdict!.kind !== 'ALIVE')
    throw new IllegalTransition(
      'key-not-alive',
      `${ref.hint} is ${verdict!.kind}, so nothing was rolled back. ${verdict!.advice}`,
    );
  const where = whereabouts(home, verdict!.evidence);
  if (where === 'unknown' && !wanted.homeUnknown)
    throw new IllegalTransition(
      'home-unknown',
      `${ref.hint} works, but its answers do not say in which workspace it lives, so nothing was rolled back. To go back all the same, repeat the command with --home-unknown.`,
    );
  if (where === 'elsewhere')
    throw new IllegalTransition(
      'refused',
      `${ref.hint} lives in another organization or workspace, so it cannot become live here.`,
    );
  const target = newestWith(observation, version);
  if (live && isMisplaced(target) && !isMisplaced(current))
    throw new IllegalTransition(
      'refused',
      `In that version ${ref.hint} stands where services do not look that read the live one. Submit the key to put it there.`,
    );
  const versionId = target.id;
  const [to, from] = await Promise.all(
    [versionId, current.id].map((id) => ports.store.read(secret.arn, { versionId: id })),
  );
  if (isDocument(from?.value ?? '') && !isDocument(to?.value ?? ''))
    throw new IllegalTransition(
      'refused',
      `That version holds ${ref.hint} as plain text, but services read a JSON document. Submit the key to put it into the document.`,
    );
  // A running rotation, or one that a waiting submission begins, would silently undo the rollback.
  const { pending, submitted } = observation;
  const waiting =
    submitted && !sameKey(submitted, version) && !sameKey(submitted, current) ? submitted : undefined;
  const moves: LabelMove[] = [
    ...(waiting ? withdraw(observation, waiting.id, ports.clock.now()) : []),
    ...(pending ? [{ do: 'clear-pending', versionId: pending.id } as const] : []),
    { do: 'make-current', versionId, from: current.id },
  ];
  return {
    outcome: { live: ref, retired: live, withdrawn: refOf(waiting) },
    async perform() {
      await moveLabels(secret, moves, ports);
      await check();
    },
  };
}

/** Where nobody names a key, a leaked one is no candidate beside others. */
function waysBack(o: Observation, wanted: string | undefined) {
  const { retiring } = o;
  const behind = acceptedBehind(o);
  const isSound = ({ ref }: { readonly ref: KeyRef }) => leakedOn(o, ref.fingerprint) === undefined;
  const sound = {
    retiring: retiring.filter(isSound),
    behind: behind && isSound(behind) ? behind : undefined,
  };
  const any = sound.retiring.length > 0 || sound.behind !== undefined;
  return wanted === undefined && any ? sound : { retiring, behind };
}
