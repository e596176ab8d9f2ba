import type { Inspection } from './console/record';
import type { Content, KeyRef } from './key';
import { leakedOn, type Memory, type RememberedVerdict } from './memory';
import type { KeyIdentity, Policy } from './policy';
import type { BlockedReason } from './probe/outcomes';
import type { Home, Verdict, VerdictKind, Whereabouts } from './probe/verdict';
import { DAY, HOUR, plus } from './time';

/** A RETIRE_AFTER label as read. */
export interface RetireLabel {
  readonly label: string;
  readonly until: Date;
}

/** A superseded version whose key may still work, as its label says. */
export interface RetiringVersion {
  readonly versionId: string;
  /** End of its grace. */
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
  /** Absent where the key was not probed in this run. A DEAD here is confirmed by two answers 60 s apart. */
  readonly verdict?: Verdict;
  readonly whereabouts?: Whereabouts;
  /** Name of another managed secret that has this superseded key live. Looked at only when its grace is over. */
  readonly liveIn?: string;
}

/** Everything known of one managed key at one moment. */
export interface Observation extends Roles {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  /** Labelled versions, and unlabelled ones newer than ACCEPTED while a change is being reconciled. */
  readonly versions: readonly KeyVersion[];
  readonly memory: Memory;
  /** The environment's home; never from a tag or an event. */
  readonly expectedHome: Home;
  readonly adminAccess: boolean;
  readonly inspections: readonly Inspection[];
  /** When an adopted key was created, as a human stated it, bound to its fingerprint. */
  readonly statedCreation?: { readonly fingerprint: string; readonly createdAt: Date };
  /** Most keys of the environment are without an answer. Looked at only where this one has been for long. */
  readonly outage?: boolean;
}

/** A superseded key that is not yet proven dead, and when its grace ends. */
export interface Retiring {
  readonly version: KeyVersion;
  readonly ref: KeyRef;
  readonly until: Date;
}

/** What each version is to the secret: its labels, resolved once. Whoever decides asks for a role and looks at no label. */
export interface Roles {
  /** What services read: AWSCURRENT. It may hold no key. */
  readonly live?: KeyVersion;
  /** The key that was live, ALIVE and at home when it was last looked at. */
  readonly accepted?: KeyVersion;
  /** A person put it in; it is not yet live. */
  readonly submitted?: KeyVersion;
  /** AWSPENDING on a version that is not live: a rotation under way, or one that died. */
  readonly pending?: KeyVersion;
  /** The nearest deadline first. */
  readonly retiring: readonly Retiring[];
  /** Keys newer than the accepted one that are in no other role: overtaken before anybody looked. */
  readonly loose: readonly KeyVersion[];
}

/** What was observed, before its labels are resolved. */
type Unresolved = Omit<Observation, keyof Roles>;

/** Resolves the labels of an observation. Whatever changes versions or memory resolves them anew. */
export function withRoles({
  live: _l,
  accepted: _a,
  submitted: _s,
  pending: _p,
  ...o
}: Unresolved & Partial<Roles>): Observation {
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
 * A rotation that gave up leaves a copy of the submitted key behind: that key is still waiting to be promoted. A refused submission was never
 * live here, and its key may well be somebody else's; one that leaked is followed until it is dead all the same.
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
      !isNobodysHere(o, v) &&
      (accepted === undefined || v.createdAt >= accepted.createdAt),
  );
}

const isNobodysHere = (o: Pick<Observation, 'memory'>, version: KeyVersion) =>
  o.memory.rejectedKeys.some((beginning) => fingerprintOf(version)?.startsWith(beginning)) &&
  !leakedOn(o, fingerprintOf(version));

/** A move of staging labels, in the words of the rotation. Secrets Manager's terms are in the contract. */
export type LabelMove =
  /** Superseded: keep this version, its grace ends at `until`. */
  | { readonly do: 'pin'; readonly versionId: string; readonly until: Date }
  | { readonly do: 'unpin'; readonly versionId: string; readonly label: string }
  | { readonly do: 'accept'; readonly versionId: string; readonly from?: string }
  | { readonly do: 'clear-submitted'; readonly versionId: string }
  | { readonly do: 'clear-pending'; readonly versionId: string }
  | { readonly do: 'make-current'; readonly versionId: string; readonly from: string };

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

/** Takes every deadline off a version. */
export const unpins = ({ id, retire }: KeyVersion): readonly LabelMove[] =>
  retire.map(({ label }) => ({ do: 'unpin', versionId: id, label }));

/** The accepted key, where something else is live: the way back, although it is not retiring. */
export function acceptedBehind(o: Roles): { readonly version: KeyVersion; readonly ref: KeyRef } | undefined {
  const version = o.accepted;
  const ref = refOf(version);
  return version && ref && !sameKey(version, o.live) ? { version, ref } : undefined;
}

/** The newest labelled version that holds the same key: fields that a team added to the document later are in it. */
export const newestWith = (o: Pick<Observation, 'versions'>, key: KeyVersion) =>
  o.versions
    .filter((v) => v.labelled && !v.submitted && sameKey(v, key))
    .reduce((a, b) => (b.createdAt > a.createdAt ? b : a), key);

/** The end of grace for a key superseded now, to the second, as its label can say it. */
export function graceFrom(now: Date, graceHours: number): Date {
  return new Date(Math.floor(plus(now, graceHours * HOUR).getTime() / 1000) * 1000);
}

/** Where a key must live: the configured home, else the one remembered from the accepted key. */
export const homeOf = (o: Pick<Observation, 'expectedHome' | 'memory'>) =>
  isHomeConfigured(o) ? o.expectedHome : (o.memory.home ?? {});

export const isHomeConfigured = ({ expectedHome }: Pick<Observation, 'expectedHome'>) =>
  expectedHome.organizationId !== undefined || expectedHome.workspaceId !== undefined;

/**
 * When the live key first appeared: the earliest of what the Admin API says, what a human stated at adoption, and the creation of the
 * versions that are or were current with this value. Putting the same key in again makes it no younger; LastChangedDate is never asked.
 * Undefined where no key is live.
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

/** When a key that appeared at `createdAt` has reached its highest age. */
export const dueDate = (createdAt: Date, maxAgeDays: number) => plus(createdAt, maxAgeDays * DAY);

/** A version that only waits to be tested says nothing of age: its label goes once the key is live. */
const wasCurrent = (v: Observation['versions'][number]) =>
  v.current || v.previous || v.accepted || v.retire.length > 0;

/** How the live key fares, as last established: a notice about something else must not call it working unless it is. */
export function liveStateOf(o: Roles, verdict: RememberedVerdict | undefined): LiveState {
  const live = fingerprintOf(o.live);
  if (live === undefined) return { kind: 'NONE' };
  if (verdict?.fingerprint !== live) return { kind: 'UNKNOWN' };
  const { kind, reason, unknownSince } = verdict;
  return { kind, reason, unknownSince };
}

/** How the live key fares, for a notice about something else. `NONE`: the secret holds no key. `unknownSince` is set while no answer is conclusive. */
export interface LiveState {
  readonly kind: VerdictKind | 'NONE';
  readonly reason?: BlockedReason;
  readonly unknownSince?: Date;
}

/** ALIVE, in the organization and workspace of the environment. */
export const isGood = (version: KeyVersion) =>
  version.content.kind === 'key' && version.verdict?.kind === 'ALIVE' && version.whereabouts === 'home';

/** Why a live value is bad: a proof, never a doubt. Empty or other text is a deliberate stop and not among them. */
export function faultOf(version: KeyVersion): 'dead' | 'elsewhere' | 'malformed' | undefined {
  if (version.content.kind === 'malformed') return 'malformed';
  if (version.verdict?.kind === 'DEAD') return 'dead';
  if (version.verdict?.kind === 'ALIVE' && version.whereabouts === 'elsewhere') return 'elsewhere';
  return undefined;
}

/** A direct edit, as opposed to a submission that went through the rotation. */
export const isDirectEdit = (o: Observation, current: KeyVersion) => !sameKey(o.submitted, current);

/** A secret that is tagged as managed and whose policy tags can't be used: nothing can be said of its key, which is itself worth saying. */
export interface UnreadableSecret {
  readonly environment: string;
  readonly secretName: string;
  readonly secretArn: string;
  readonly owner?: string;
  /** What is wrong with its tags, one sentence each. */
  readonly faults: readonly string[];
}

/** A managed key as its tags and labels alone tell: no value, and no date of a version. */
export interface ListedKey {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly memory: Memory;
  /** When the secret was made; its key may be younger or older. */
  readonly createdAt: Date;
  readonly rotationEnabled: boolean;
  /** A key was once tested and accepted. */
  readonly accepted: boolean;
  /** A human put a key in that is not yet live. */
  readonly submitted: boolean;
  readonly retiring: readonly RetiringVersion[];
}
