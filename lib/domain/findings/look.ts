import type { AdminRecord, Inspection } from '../console/record';
import type { KeyRef } from '../key';
import type { Memory, RememberedVerdict } from '../memory';
import { fingerprintOf, type KeyVersion, type Observation, refOf } from '../secret';

/** A look at a secret that has a live version: what findings about it are made from. */
export interface Look {
  readonly o: Observation;
  readonly live: KeyVersion;
  /** Absent where the live version holds no key. */
  readonly ref?: KeyRef;
  readonly remembered?: RememberedVerdict;
  /** What the Admin API said of the live key in this run. */
  readonly inspection?: Inspection;
  /** The same, or what is remembered of it. */
  readonly record?: AdminRecord | NonNullable<Memory['record']>;
  readonly now: Date;
}

/** Undefined where no version is live. */
export function lookAt(
  o: Observation,
  remembered: RememberedVerdict | undefined,
  now: Date,
): Look | undefined {
  const { live, memory } = o;
  if (!live) return undefined;
  const fingerprint = fingerprintOf(live);
  const inspection = o.inspections.find((each) => each.fingerprint === fingerprint);
  const known = memory.record?.fingerprint === fingerprint ? memory.record : undefined;
  return { o, live, ref: refOf(live), remembered, inspection, record: inspection?.record ?? known, now };
}
