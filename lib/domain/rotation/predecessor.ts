import type { LabelMove } from '../label-move';
import { fingerprintOf, isTracked, type KeyVersion, type Observation, sameKey } from '../secret';
import { withinBudget } from './label-budget';

/** The key before the accepted one, of which memory says that it is not proven dead, and which has no label any more. */
export interface MissingPredecessor {
  readonly fingerprint: string;
  /** When its grace ends or ended; absent where memory does not say. */
  readonly until?: Date;
  /** Absent where no version that can be read holds it. */
  readonly version?: KeyVersion;
}

/** Memory may pin a key, never unpin one. Undefined where nothing is missing. */
export function missingPredecessor(
  o: Pick<Observation, 'versions' | 'memory' | 'retiring' | 'followed'>,
): MissingPredecessor | undefined {
  const { fingerprint, provenAt, graceEndsAt: until } = o.memory.timeline;
  if (fingerprint === undefined || provenAt) return undefined;
  // A key that may not be read is perhaps this one, under its own label.
  if (o.versions.some((v) => isTracked(v) && v.content.kind === 'unread')) return undefined;
  const holders = o.versions.filter((v) => fingerprintOf(v) === fingerprint);
  if (holders.some((v) => v.current || v.accepted || v.submitted)) return undefined;
  if ([...o.retiring, ...o.followed].some(({ ref }) => ref.fingerprint === fingerprint)) return undefined;
  const version = holders.reduce<KeyVersion | undefined>(
    (a, b) => (a && a.createdAt > b.createdAt ? a : b),
    undefined,
  );
  return { fingerprint, until, version };
}

/** Its deadline again, while the accepted key is live and no rotation runs. */
export function pinAgain(o: Observation, now: Date): readonly LabelMove[] {
  const { version, until = now } = missingPredecessor(o) ?? {};
  if (!version || o.pending || !sameKey(o.live, o.accepted)) return [];
  return withinBudget(o.versions, [{ do: 'pin', versionId: version.id, until }]);
}
