import { fingerprintOf, hasRole, isTracked, type KeyVersion, type Observation, refOf } from '../secret';
import { withinBudget } from './label-budget';

/** An old key of which memory says that it is not proven dead, and which has no label any more. */
export interface MissingKey {
  readonly fingerprint: string;
  /** When its grace ends or ended; absent where memory does not say. */
  readonly until?: Date;
  /** Absent where no version that can be read holds it. */
  readonly version?: KeyVersion;
}

type Seen = Pick<Observation, 'versions' | 'memory' | 'retiring' | 'followed'>;

/** The key before the accepted one. Memory may pin a key, never unpin one. Undefined where nothing is missing. */
export function missingPredecessor(o: Seen): MissingKey | undefined {
  const { fingerprint, provenAt, graceEndsAt: until } = o.memory.timeline;
  if (fingerprint === undefined || provenAt || mayBeUnread(o)) return undefined;
  const holders = o.versions.filter((v) => fingerprintOf(v) === fingerprint);
  if (holders.some(hasRole) || isFollowedOn(o, fingerprint)) return undefined;
  return { fingerprint, until, version: newestOf(holders) };
}

/** A key that may not be read is perhaps this one, under its own label. */
const mayBeUnread = ({ versions }: Seen) => versions.some((v) => isTracked(v) && v.content.kind === 'unread');

const isFollowedOn = (o: Seen, fingerprint: string) =>
  [...o.retiring, ...o.followed].some(({ ref }) => ref.fingerprint === fingerprint);

const newestOf = (versions: readonly KeyVersion[]) =>
  versions.reduce<KeyVersion | undefined>((a, b) => (a && a.createdAt > b.createdAt ? a : b), undefined);

/** Hints of further old keys that no labelled version shows. Whether one is missing says only the value of a version. */
export function untracedHints(o: Seen): readonly string[] {
  if (mayBeUnread(o)) return [];
  const traced = new Set(o.versions.filter((v) => isTracked(v) || hasRole(v)).map((v) => refOf(v)?.hint));
  return o.memory.retiringHints.filter((hint) => !traced.has(hint));
}

/** All old keys that lost their label: the predecessor, then those before it, whose values are still stored. */
export function missingKeys(o: Seen): readonly MissingKey[] {
  const predecessor = missingPredecessor(o);
  const known = o.memory.timeline.fingerprint;
  const others = untracedHints(o).flatMap((hint) => {
    const version = newestOf(o.versions.filter((v) => refOf(v)?.hint === hint));
    const fingerprint = fingerprintOf(version);
    return version && fingerprint !== undefined && fingerprint !== known ? [{ fingerprint, version }] : [];
  });
  return [...(predecessor ? [predecessor] : []), ...others];
}

/** Their deadlines again, while no rotation runs: also behind a stop, which may last for longer than AWS keeps a version without a label. */
export function pinAgain(o: Observation, now: Date) {
  if (o.pending) return { found: [], moves: [] };
  const found = missingKeys(o).filter(({ version }) => version !== undefined);
  const moves = found.map(
    ({ version, until = now }) => ({ do: 'pin', versionId: version!.id, until }) as const,
  );
  return { found, moves: withinBudget(o.versions, moves) };
}
