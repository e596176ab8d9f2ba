import type { Inspection } from './console/record';
import type { Content, KeyRef } from './key';
import { leakedOn, type Memory, type RememberedVerdict } from './memory';
import type { KeyIdentity, Policy } from './policy';
import type { Home, Verdict, VerdictKind, Whereabouts } from './probe/verdict';
import { DAY, HOUR, plus } from './time';

/** A RETIRE_AFTER label. */
export interface RetireLabel {
  readonly label: string;
  readonly until: Date;
}

/** A superseded version whose key may still work, according to its label. */
export interface RetiringVersion {
  readonly versionId: string;
  /** End of its grace period. */
  readonly until: Date;
}

/** One version of the secret, its labels translated into what they mean. */
export interface KeyVersion {
  readonly id: string;
  readonly createdAt: Date;
  readonly labelled: boolean;
  readonly current: boolean;
  readonly previous: boolean;
  readonly pending: boolean;
  readonly submitted: boolean;
  readonly accepted: boolean;
  readonly retire: readonly RetireLabel[];
  readonly content: Content;
  /** Absent where the key was not probed in this run. DEAD is confirmed by two answers 60 s apart. */
  readonly verdict?: Verdict;
  readonly whereabouts?: Whereabouts;
  /** Another managed secret that seems to use this superseded key, by its memory. It is only mentioned, and looked up after the grace period. */
  readonly liveIn?: string;
}

/** Everything known about one managed key at one moment. */
export interface Observation extends Roles {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  /** Labelled versions, and unlabelled ones newer than ACCEPTED while a change is reconciled. */
  readonly versions: readonly KeyVersion[];
  readonly memory: Memory;
  /** The environment's configured home, never from a tag or an event. */
  readonly expectedHome: Home;
  readonly adminAccess: boolean;
  readonly inspections: readonly Inspection[];
  /** When an adopted key was created, as a person stated it, bound to its fingerprint. */
  readonly statedCreation?: { readonly fingerprint: string; readonly createdAt: Date };
  /** Most keys of the environment are without an answer. Looked up only where this one has been for long. */
  readonly outage?: boolean;
}

/** A superseded key that is not yet proven dead. */
export interface Retiring {
  readonly version: KeyVersion;
  readonly ref: KeyRef;
  /** End of its grace period. */
  readonly until: Date;
}

/** The labels of all versions, resolved once: decisions ask for a role and look at no label. */
export interface Roles {
  /** What services read: AWSCURRENT. It may hold no key. */
  readonly live?: KeyVersion;
  /** The key that was live, ALIVE and at home at the last look. */
  readonly accepted?: KeyVersion;
  /** Submitted by a person, and not yet live. */
  readonly submitted?: KeyVersion;
  /** AWSPENDING on a version that is not live: a rotation that is running or has died. */
  readonly pending?: KeyVersion;
  /** The nearest deadline first. */
  readonly retiring: readonly Retiring[];
  /** Untracked keys newer than the accepted one: replaced before anybody looked. */
  readonly loose: readonly KeyVersion[];
}

/** Resolves the labels of an observation. Any change of versions or memory needs it again. */
export function withRoles({
  live: _l,
  accepted: _a,
  submitted: _s,
  pending: _p,
  ...o
}: Omit<Observation, keyof Roles> & Partial<Roles>): Observation {
  const find = (holds: (version: KeyVersion) => boolean) => o.versions.find(holds);
  const roles = {
    live: find(({ current }) => current),
    accepted: find(({ accepted }) => accepted),
    submitted: find(({ submitted }) => submitted),
    pending: find(({ pending, current }) => pending && !current),
  };
  return { ...o, ...roles, retiring: retiringIn(o, roles.live), loose: looseIn(o, roles) };
}

function retiringIn(
  { versions }: Pick<Observation, 'versions'>,
  live: KeyVersion | undefined,
): readonly Retiring[] {
  return versions
    .flatMap((version) => {
      const ref = refOf(version);
      const until = graceEnd(version);
      return ref && until && !version.current && !sameKey(version, live) ? [{ version, ref, until }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

/**
 * Leaves out copies of the submitted key, which a failed rotation leaves behind, and refused submissions: those were never live here and may be
 * somebody else's keys. A refused key that leaked is tracked until it is dead all the same.
 */
function looseIn(
  o: Pick<Observation, 'versions' | 'memory'>,
  { live, accepted, submitted }: Omit<Roles, 'retiring' | 'loose'>,
): readonly KeyVersion[] {
  return o.versions.filter(
    (v) =>
      v.content.kind === 'key' &&
      !(v.current || v.accepted || v.submitted || v.pending || v.retire.length > 0) &&
      ![live, accepted, submitted].some((other) => sameKey(v, other)) &&
      !isRefused(o, fingerprintOf(v)!) &&
      (accepted === undefined || v.createdAt >= accepted.createdAt),
  );
}

const isRefused = (o: Pick<Observation, 'memory'>, fingerprint: string) =>
  o.memory.rejectedKeys.some((prefix) => fingerprint.startsWith(prefix)) && !leakedOn(o, fingerprint);

/** A move of staging labels in the rotation's own terms. The contract translates them for Secrets Manager. */
export type LabelMove =
  /** Superseded: keep this version until its grace period ends. */
  | { readonly do: 'pin'; readonly versionId: string; readonly until: Date }
  | { readonly do: 'unpin'; readonly versionId: string; readonly label: string }
  | { readonly do: 'accept'; readonly versionId: string; readonly from?: string }
  | { readonly do: 'clear-submitted'; readonly versionId: string }
  | { readonly do: 'clear-pending'; readonly versionId: string }
  | { readonly do: 'make-current'; readonly versionId: string; readonly from: string };

export const fingerprintOf = (version: KeyVersion | undefined) =>
  version?.content.kind === 'key' ? version.content.fingerprint : undefined;

/** The key of a version, as people may be told; undefined where it holds none. */
export function refOf(version: KeyVersion | undefined): KeyRef | undefined {
  if (version?.content.kind !== 'key') return undefined;
  return { versionId: version.id, fingerprint: version.content.fingerprint, hint: version.content.hint };
}

export const sameKey = (a: KeyVersion | undefined, b: KeyVersion | undefined) =>
  fingerprintOf(a) !== undefined && fingerprintOf(a) === fingerprintOf(b);

/** The key authenticates: ALIVE, or BLOCKED for a reason that proves it. */
export const answers = (version: KeyVersion) =>
  version.verdict?.kind === 'ALIVE' || version.verdict?.kind === 'BLOCKED';

/** The latest of a version's deadlines. */
function graceEnd(version: KeyVersion): Date | undefined {
  return version.retire.reduce<Date | undefined>(
    (latest, { until }) => (latest && latest > until ? latest : until),
    undefined,
  );
}

/** Removes every deadline of a version. */
export const unpins = ({ id, retire }: KeyVersion): readonly LabelMove[] =>
  retire.map(({ label }) => ({ do: 'unpin', versionId: id, label }));

/** The accepted key where something else is live: a way back, although it is not retiring. */
export function acceptedBehind(o: Roles): { readonly version: KeyVersion; readonly ref: KeyRef } | undefined {
  const version = o.accepted;
  const ref = refOf(version);
  return version && ref && !sameKey(version, o.live) ? { version, ref } : undefined;
}

/** The newest labelled version with the same key: it has the fields that a team added to the document later. */
export const newestWith = (o: Pick<Observation, 'versions'>, key: KeyVersion) =>
  o.versions
    .filter((v) => v.labelled && !v.submitted && sameKey(v, key))
    .reduce((a, b) => (b.createdAt > a.createdAt ? b : a), key);

/** The end of a grace period that begins now, to the second, which is all that a label can hold. */
export function graceFrom(now: Date, graceHours: number): Date {
  return new Date(Math.floor(plus(now, graceHours * HOUR).getTime() / 1000) * 1000);
}

/** Where a key must live: the configured home, otherwise the one remembered from the accepted key. */
export const homeOf = (o: Pick<Observation, 'expectedHome' | 'memory'>) =>
  isHomeConfigured(o) ? o.expectedHome : (o.memory.home ?? {});

export const isHomeConfigured = ({ expectedHome }: Pick<Observation, 'expectedHome'>) =>
  expectedHome.organizationId !== undefined || expectedHome.workspaceId !== undefined;

/**
 * When the live key first appeared: the earliest of the Admin API's date, the one stated at adoption, and the creation of the versions that are
 * or were current with this value. Writing the same key again makes it no younger; LastChangedDate is never used. Undefined where no key is live.
 */
export function keyCreatedAt(o: Observation): Date | undefined {
  const live = fingerprintOf(o.live);
  if (live === undefined) return undefined;
  const dates = [
    ...o.versions.filter((v) => fingerprintOf(v) === live && wasCurrent(v)).map((v) => v.createdAt),
    ...o.inspections.flatMap((i) => (i.fingerprint === live && i.record ? i.record.createdAt : [])),
    ...(o.memory.record?.fingerprint === live ? [o.memory.record.createdAt] : []),
    ...(o.statedCreation?.fingerprint === live ? [o.statedCreation.createdAt] : []),
  ];
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}

/** When a key that appeared at `createdAt` reaches its maximum age. */
export const dueDate = (createdAt: Date, maxAgeDays: number) => plus(createdAt, maxAgeDays * DAY);

/** A version that only waits to be tested does not count towards age: its label goes once the key is live. */
const wasCurrent = (v: KeyVersion) => v.current || v.previous || v.accepted || v.retire.length > 0;

export function liveStateOf(o: Roles, verdict: RememberedVerdict | undefined): LiveState {
  const live = fingerprintOf(o.live);
  if (live === undefined) return { kind: 'NONE' };
  if (verdict?.fingerprint !== live) return { kind: 'UNKNOWN' };
  const { kind, reason, unknownSince } = verdict;
  return { kind, reason, unknownSince };
}

/**
 * How the live key fares, for notices about something else: they must not call it working unless it is. `NONE`: the secret holds no key.
 * `unknownSince` is set while no answer is conclusive.
 */
export interface LiveState extends Partial<Pick<RememberedVerdict, 'reason' | 'unknownSince'>> {
  readonly kind: VerdictKind | 'NONE';
}

/** ALIVE, in the organization and workspace of the environment. */
export const isGood = (version: KeyVersion) =>
  version.content.kind === 'key' && version.verdict?.kind === 'ALIVE' && version.whereabouts === 'home';

/** What can be provably wrong with a value. */
export type Fault = 'dead' | 'elsewhere' | 'malformed';

/** What is provably wrong with a value. Empty or other text is a deliberate stop, and no fault. */
export function faultOf(version: KeyVersion): Fault | undefined {
  if (version.content.kind === 'malformed') return 'malformed';
  if (version.verdict?.kind === 'DEAD') return 'dead';
  if (version.verdict?.kind === 'ALIVE' && version.whereabouts === 'elsewhere') return 'elsewhere';
  return undefined;
}

/** The live value was written directly rather than submitted through the rotation. */
export const isDirectEdit = (o: Observation, current: KeyVersion) => !sameKey(o.submitted, current);

/** A managed secret whose policy tags are damaged: it is kept by defaults and bounds in their place. */
export interface UnreadableSecret {
  readonly environment: string;
  readonly service?: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly owner?: string;
  /** What is wrong with its tags, one sentence each. */
  readonly faults: readonly string[];
}

/** A secret whose tags claim a key, although neither its name nor its rotation is that of the environment. */
export type ClaimedSecret = Omit<KeyIdentity, 'owner'>;

/** A managed key as its tags and labels alone show it: no value, and no date of a version. */
export interface ListedKey {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly memory: Memory;
  /** When the secret was created; its key may be younger or older. */
  readonly createdAt: Date;
  readonly rotationEnabled: boolean;
  /** The environment's rotate function rotates it: a deployment manages it. */
  readonly deployed: boolean;
  /** A key was tested and accepted at some time. */
  readonly accepted: boolean;
  /** A key was submitted and is not yet live. */
  readonly submitted: boolean;
  readonly retiring: readonly RetiringVersion[];
}
