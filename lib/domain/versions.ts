import type { LabelMove } from './action';
import type { KeyRef, KeyVersion, Observation } from './observation';
import { HOUR, plus } from './time';

type Versions = Pick<Observation, 'versions'>;

export const currentOf = (o: Versions) => o.versions.find((version) => version.current);
export const acceptedOf = (o: Versions) => o.versions.find((version) => version.accepted);
export const submittedOf = (o: Versions) => o.versions.find((version) => version.submitted);

/** AWSPENDING on a version that is not current: a rotation under way, or one that died. */
export const pendingOf = (o: Versions) => o.versions.find((version) => version.pending && !version.current);

export const fingerprintOf = (version: KeyVersion | undefined) =>
  version?.content.kind === 'key' ? version.content.fingerprint : undefined;

/** How people may be told which key a version holds; undefined where it holds none. */
export function refOf(version: KeyVersion | undefined): KeyRef | undefined {
  if (version?.content.kind !== 'key') return undefined;
  return { versionId: version.id, fingerprint: version.content.fingerprint, hint: version.content.hint };
}

export const sameKey = (a: KeyVersion | undefined, b: KeyVersion | undefined) =>
  fingerprintOf(a) !== undefined && fingerprintOf(a) === fingerprintOf(b);

/** The key answers: ALIVE, or BLOCKED for a reason that proves that it authenticates. */
export const answers = (version: KeyVersion) =>
  version.verdict?.kind === 'ALIVE' || version.verdict?.kind === 'BLOCKED';

/** When a version's grace ends: the latest of its labels. */
function graceEnd(version: KeyVersion): Date | undefined {
  return version.retire.reduce<Date | undefined>(
    (latest, { until }) => (latest && latest > until ? latest : until),
    undefined,
  );
}

export interface Retiring {
  readonly version: KeyVersion;
  readonly ref: KeyRef;
  readonly until: Date;
}

/** Superseded keys that are not yet proven dead, the one with the nearest deadline first. */
export function retiringOf(o: Versions): readonly Retiring[] {
  const live = fingerprintOf(currentOf(o));
  return o.versions
    .flatMap((version) => {
      const ref = refOf(version);
      const until = graceEnd(version);
      return ref && until && !version.current && ref.fingerprint !== live ? [{ version, ref, until }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

/** Takes every deadline off a version. */
export const unpins = ({ id, retire }: KeyVersion): readonly LabelMove[] =>
  retire.map(({ label }) => ({ do: 'unpin', versionId: id, label }));

/** The accepted key, where something else is live: the way back, although it is not retiring. */
export function acceptedBehind(
  o: Versions,
): { readonly version: KeyVersion; readonly ref: KeyRef } | undefined {
  const version = acceptedOf(o);
  const ref = refOf(version);
  return version && ref && !sameKey(version, currentOf(o)) ? { version, ref } : undefined;
}

/** The newest labelled version that holds the same key: fields that a team added to the document later are in it. */
export const newestWith = (o: Versions, key: KeyVersion) =>
  o.versions
    .filter((v) => v.labelled && !v.submitted && sameKey(v, key))
    .reduce((a, b) => (b.createdAt > a.createdAt ? b : a), key);

/** The end of grace for a key superseded now, to the second, as its label can say it. */
export function graceFrom(now: Date, graceHours: number): Date {
  return new Date(Math.floor(plus(now, graceHours * HOUR).getTime() / 1000) * 1000);
}
