import type { Inspection } from './console/record';
import type { ConsumerLook } from './freshness';
import type { Content, KeyRef } from './key';
import type { LabelMove } from './label-move';
import { type LeakMark, leakedOn, leaksOf, type Memory, type RememberedVerdict } from './memory';
import type { KeyIdentity, Policy } from './policy';
import type { Home, Verdict, VerdictKind, Whereabouts } from './probe/verdict';
import { HOUR, plus } from './time';

/** A label that holds a deadline: RETIRE_AFTER or REFUSED. */
export interface Deadline {
  readonly label: string;
  readonly until: Date;
}

/** A LEAKED label: a person reported the key with this beginning of its fingerprint. */
export interface LeakLabel extends LeakMark {
  readonly label: string;
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
  /** How many labels it has, AWS's and strangers' included. */
  readonly labels: number;
  readonly current: boolean;
  readonly previous: boolean;
  readonly pending: boolean;
  readonly submitted: boolean;
  readonly accepted: boolean;
  readonly retire: readonly Deadline[];
  readonly leaks: readonly LeakLabel[];
  /** REFUSED labels: a refused key that is followed until then. */
  readonly followed: readonly Deadline[];
  readonly content: Content;
  /** Absent where the key was not probed in this run. DEAD is proven: two votes, each beside a control. */
  readonly verdict?: Verdict;
  readonly whereabouts?: Whereabouts;
  /** Another managed secret that seems to use this superseded or refused key, by its memory. It is only mentioned, and looked up where a mail may need it. */
  readonly liveIn?: string;
  /** Another managed secret whose live value holds this refused key, as was read in this run. */
  readonly heldIn?: string;
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
  /** When the secret was created. */
  readonly createdAt: Date;
  readonly inspections: readonly Inspection[];
  /** Whether registered consumers may still hold an old key. Absent where nothing hangs on it, so nobody was asked. */
  readonly consumers?: readonly ConsumerLook[];
  /** When an adopted key was created, as a person stated it, bound to its fingerprint. */
  readonly statedCreation?: { readonly fingerprint: string; readonly createdAt: Date };
  /** Most keys of the environment are without an answer. Looked up only where this one has been for long. */
  readonly outage?: boolean;
  /** Live keys of the environment that were refused in this run without proof of death, this one included. Absent where this one was not. */
  readonly refusedKeys?: number;
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
  /** Refused keys that are followed. */
  readonly followed: readonly Followed[];
  /** Untracked keys newer than the accepted one: replaced before anybody looked. */
  readonly loose: readonly KeyVersion[];
  /** What was reported as leaked. */
  readonly leaks: readonly LeakMark[];
}

/** A refused key that is looked after until a deadline: it may come alive. */
export interface Followed {
  readonly version: KeyVersion;
  readonly ref: KeyRef;
  readonly until: Date;
}

/** Resolves the labels of an observation. Any change of versions or memory needs it again. */
export function withRoles(given: Omit<Observation, keyof Roles> & Partial<Roles>): Observation {
  const o = { ...given, versions: withKeysBesides(given.versions) };
  const find = (holds: (version: KeyVersion) => boolean) => o.versions.find(holds);
  const roles = {
    live: find(({ current }) => current),
    accepted: find(({ accepted }) => accepted),
    submitted: find(({ submitted }) => submitted),
    pending: find(({ pending, current }) => pending && !current),
  };
  const leaks = leaksOf(
    o.versions.flatMap((version) => version.leaks),
    o.memory,
  );
  const retiring = withDeadline(o, roles.live, graceEnd);
  const superseded = new Set(retiring.map(({ ref }) => ref.fingerprint));
  return {
    ...o,
    ...roles,
    leaks,
    retiring,
    followed: withDeadline(o, roles.live, ({ followed }) => latest(followed)).filter(
      ({ version, ref }) =>
        !version.accepted && !superseded.has(ref.fingerprint) && !sameKey(version, roles.accepted),
    ),
    loose: looseIn({ ...o, leaks }, roles),
  };
}

/**
 * A key beside an empty field is the live one until a key has stood where services look: from then on an empty field is a deliberate stop, and
 * the other key is somebody's own.
 */
function withKeysBesides(versions: readonly KeyVersion[]): readonly KeyVersion[] {
  const accepted = versions.find((v) => v.accepted);
  const isStop = needsNoKey(accepted) || (accepted?.content.kind === 'key' && !isMisplaced(accepted));
  return versions.map((v) => {
    if (v.content.kind !== 'placeholder' || !v.content.besides) return v;
    const counts = v.accepted || v.submitted || isTracked(v) || (v.current && !isStop);
    return counts ? { ...v, content: v.content.besides } : v;
  });
}

/** Keys that are not live and have a deadline of some kind, the nearest first. */
function withDeadline(
  { versions }: Pick<Observation, 'versions'>,
  live: KeyVersion | undefined,
  deadline: (version: KeyVersion) => Date | undefined,
): readonly Retiring[] {
  return versions
    .flatMap((version) => {
      const ref = refOf(version);
      const until = deadline(version);
      return ref && until && !version.current && !sameKey(version, live) ? [{ version, ref, until }] : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

/**
 * Leaves out copies of the submitted key, which a failed rotation leaves behind, and refused submissions: those were never live here and may be
 * somebody else's keys. A refused key that leaked is tracked until it is dead all the same.
 */
function looseIn(
  o: Pick<Observation, 'versions' | 'memory' | 'leaks'>,
  { live, accepted, submitted }: Partial<Roles>,
): readonly KeyVersion[] {
  return o.versions.filter(
    (v) =>
      v.content.kind === 'key' &&
      !(hasRole(v) || v.pending || isTracked(v)) &&
      ![live, accepted, submitted].some((other) => sameKey(v, other)) &&
      !wasRefused(o, fingerprintOf(v)!) &&
      (accepted === undefined || v.createdAt >= accepted.createdAt),
  );
}

/** What services read, the last good key, or the next one. */
export const hasRole = ({ current, accepted, submitted }: KeyVersion) => current || accepted || submitted;

/** A label says that somebody looks after it until it is dead, or until its time is over. */
export const isTracked = ({ retire, leaks, followed }: Pick<KeyVersion, 'retire' | 'leaks' | 'followed'>) =>
  retire.length + leaks.length + followed.length > 0;

const wasRefused = (o: Pick<Observation, 'versions' | 'memory' | 'leaks'>, fingerprint: string) =>
  !leakedOn(o, fingerprint) &&
  (o.memory.rejectedKeys.some((prefix) => fingerprint.startsWith(prefix)) ||
    o.versions.some((v) => v.followed.length > 0 && fingerprintOf(v) === fingerprint));

export const fingerprintOf = (version: KeyVersion | undefined) =>
  version?.content.kind === 'key' ? version.content.fingerprint : undefined;

/** The key of a version, as people may be told; undefined where it holds none. */
export function refOf(version: KeyVersion | undefined): KeyRef | undefined {
  if (version?.content.kind !== 'key') return undefined;
  return { versionId: version.id, fingerprint: version.content.fingerprint, hint: version.content.hint };
}

export const sameKey = (a: KeyVersion | undefined, b: KeyVersion | undefined) =>
  fingerprintOf(a) !== undefined && fingerprintOf(a) === fingerprintOf(b);

/** The value says that nobody needs a key of this secret any more. It takes the place of the last key as a new key would. */
export const needsNoKey = (version: KeyVersion | undefined) =>
  version?.content.kind === 'other' && version.content.reason === 'keyless';

/** The key authenticates: ALIVE, or BLOCKED for a reason that proves it. */
export const answers = (version: KeyVersion) =>
  version.verdict?.kind === 'ALIVE' || version.verdict?.kind === 'BLOCKED';

/**
 * When the grace of a superseded version ends: with the report of its leak, else at the latest of its deadlines. The mark of a leak on an accepted or
 * submitted version is no deadline.
 */
export function graceEnd({
  retire,
  leaks,
  accepted,
  submitted,
}: Pick<KeyVersion, 'retire' | 'leaks' | 'accepted' | 'submitted'>): Date | undefined {
  const [first] =
    accepted || submitted ? [] : leaks.map(({ on }) => on).sort((a, b) => a.getTime() - b.getTime());
  return first ?? latest(retire);
}

const latest = (deadlines: readonly Deadline[]): Date | undefined =>
  deadlines.map(({ until }) => until).sort((a, b) => b.getTime() - a.getTime())[0];

/** Removes labels of a version, by default its deadlines and the mark of its leak. */
export const unpins = (
  { id, retire, leaks }: KeyVersion,
  labels: readonly { readonly label: string }[] = [...retire, ...leaks],
): readonly LabelMove[] => labels.map(({ label }) => ({ do: 'unpin', versionId: id, label }));

/** The accepted key where something else is live: a way back, although it is not retiring. */
export function acceptedBehind(o: Roles): { readonly version: KeyVersion; readonly ref: KeyRef } | undefined {
  const version = o.accepted;
  const ref = refOf(version);
  return version && ref && !sameKey(version, o.live) ? { version, ref } : undefined;
}

/** The newest labelled version with the same key, not in a worse place: it has the fields that a team added to the document later. */
export const newestWith = (o: Pick<Observation, 'versions'>, key: KeyVersion) =>
  o.versions
    .filter((v) => v.labels > 0 && !v.submitted && !v.current && sameKey(v, key))
    .filter((v) => isMisplaced(key) || !isMisplaced(v))
    .reduce((a, b) => (b.createdAt > a.createdAt ? b : a), key);

/** The version that a label about a key belongs on: the first of these roles, or else the newest with the key. */
export function holderOfKey(o: Pick<Observation, 'versions'>, fingerprint: string): KeyVersion | undefined {
  const rank = (v: KeyVersion) =>
    [v.previous, v.retire.length > 0, v.submitted, v.current, v.accepted].lastIndexOf(true);
  const [best] = o.versions
    .filter((v) => fingerprintOf(v)?.startsWith(fingerprint))
    .sort((a, b) => rank(b) - rank(a) || b.createdAt.getTime() - a.createdAt.getTime());
  return best;
}

/** The end of a grace period that begins now, to the second, which is all that a label can hold. */
export function graceFrom(now: Date, graceHours: number): Date {
  return new Date(Math.floor(plus(now, graceHours * HOUR).getTime() / 1000) * 1000);
}

/** Where a key must live: the configured home, otherwise the one remembered from the accepted key. */
export const homeOf = (o: Pick<Observation, 'expectedHome' | 'memory'>) =>
  isHomeConfigured(o) ? o.expectedHome : (o.memory.home ?? {});

export const isHomeConfigured = ({ expectedHome }: Pick<Observation, 'expectedHome'>) =>
  expectedHome.organizationId !== undefined || expectedHome.workspaceId !== undefined;

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

/** Its key stands where services do not look that read the field, or the whole value. */
export const isMisplaced = ({ content }: KeyVersion) =>
  content.kind === 'key' && content.stands !== undefined && content.stands.at !== 'blanks';
