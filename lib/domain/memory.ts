import type { UsageDoubt } from './console/usage';
import { type Holders, OVER, rememberedAs } from './findings/repeat';
import { shortId } from './key';
import { type KeyIdentity, secretPrefix } from './policy';
import type { BlockedReason } from './probe/outcomes';
import type { Home, VerdictKind } from './probe/verdict';
import type { Refusal } from './refusal';

/** The rotation that retires this key, as remembered: empty where another key's rotation, or none, is. */
export const timelineOf = (
  { timeline }: Pick<Memory, 'timeline'>,
  fingerprint: string | undefined,
): Timeline => (fingerprint !== undefined && timeline.fingerprint === fingerprint ? timeline : {});

/** The same, to add to: what another key's rotation was is forgotten, but not when the live key changed last. */
export function timelineAbout(memory: Pick<Memory, 'timeline'>, fingerprint: string): Timeline {
  if (memory.timeline.fingerprint === fingerprint) return memory.timeline;
  const changedAt = lastChange(memory);
  return { fingerprint, ...(changedAt && { changedAt }) };
}

/** When the live key was accepted last, whichever key the remembered rotation retires. A little later than AWSCURRENT moved. */
export const lastChange = ({ timeline }: Pick<Memory, 'timeline'>): Date | undefined =>
  timeline.changedAt ?? timeline.promotedAt;

/** Forgets that a key was switched off: it was not, or it is on again. */
export function notDeactivated(memory: Memory, fingerprint: string): Memory {
  if (memory.timeline.fingerprint !== fingerprint) return memory;
  const { deactivatedAt: _, ...timeline } = memory.timeline;
  return { ...memory, timeline };
}

/** A key that a person reported as leaked, by the beginning of its fingerprint, as a label or a tag tells it. */
export interface LeakMark {
  readonly beginning: string;
  readonly on: Date;
}

/** When a person reported the key as leaked; undefined where nobody did. */
export const leakedOn = (
  { leaks }: { readonly leaks: readonly LeakMark[] },
  fingerprint: string | undefined,
): Date | undefined => leaks.find(({ beginning }) => fingerprint?.startsWith(beginning))?.on;

/** All leaks that a secret tells of. A tag counts until its key has a label. */
export const leaksOf = (
  labels: readonly LeakMark[],
  { leaked }: Pick<Memory, 'leaked'>,
): readonly LeakMark[] => [
  ...labels,
  ...leaked.filter((tag) => !labels.some(({ beginning }) => beginning === tag.beginning)),
];

/** For a leak report that was wrong. */
export const withoutLeak = (memory: Memory, fingerprint: string): Memory => ({
  ...memory,
  leaked: memory.leaked.filter(({ beginning }) => !fingerprint.startsWith(beginning)),
});

/** An adopted secret whose own value no check has seen yet. One that CDK created holds the placeholder until its first key is submitted. */
export function isUnchecked(
  { environment, secretName }: Pick<KeyIdentity, 'environment' | 'secretName'>,
  { verdict, checkedOn }: Memory,
): boolean {
  return !verdict && !checkedOn && !secretName.startsWith(secretPrefix(environment));
}

/** What the secret's tags remember. Deleting all of it at any moment causes at most one repeated mail per finding. */
export interface Memory {
  /** UTC day of the last check, `2026-11-21`. */
  readonly checkedOn?: string;
  readonly verdict?: RememberedVerdict;
  /** Last reminder sent per finding id, with a mark while somebody is still to get it. */
  readonly notices: Readonly<Record<string, string>>;
  readonly record?: {
    readonly fingerprint: string;
    readonly id: string;
    readonly createdAt: Date;
    readonly expiresAt?: Date;
    readonly personal: boolean;
    readonly inspectedOn: string;
  };
  readonly snooze?: { readonly until: Date; readonly reason: string };
  /** Where the accepted key was seen; used only when the environment names no home. */
  readonly home?: Home;
  /** A refused submission, by the mark of its version. */
  readonly pendingRejection?: { readonly version: string; readonly reason: Refusal };
  /** Prefixes of the fingerprints of refused submissions, newest first: never live here, so not tracked. */
  readonly rejectedKeys: readonly string[];
  /** Leaks that an earlier release remembered here, with the day. Each goes once its key has a label. */
  readonly leaked: readonly LeakMark[];
  /** Ids of the last notices that were sent, newest first: whoever has a mail can look it up. */
  readonly sent: readonly string[];
  readonly timeline: Timeline;
  /** Hints of superseded keys that are not proven dead, the nearest deadline first. Those that do not fit are left out. */
  readonly retiringHints: readonly string[];
  /** Which superseded version holds which key, so that people can name one of several. Those that do not fit are left out. */
  readonly retiringKeys: readonly RetiringKey[];
  /** A superseded key that a machine is to switch off and does not, because its use is in doubt. Left out where it does not fit. */
  readonly doubted?: { readonly fingerprint: string; readonly doubt: UsageDoubt };
}

/** A superseded key, and the mark of the version that holds it. */
export interface RetiringKey {
  readonly version: string;
  readonly fingerprint: string;
  readonly hint: string;
}

export const EMPTY_MEMORY: Memory = {
  notices: {},
  rejectedKeys: [],
  leaked: [],
  sent: [],
  timeline: {},
  retiringHints: [],
  retiringKeys: [],
};

/** The last conclusive verdict of the live key, with what a listing shows of it. */
export interface RememberedVerdict {
  readonly fingerprint: string;
  readonly hint: string;
  /** When the key first appeared. */
  readonly keyCreatedAt: Date;
  readonly kind: VerdictKind;
  readonly reason?: BlockedReason;
  readonly since: Date;
  /** Set while no answer is conclusive; `kind` keeps what was last established. */
  readonly unknownSince?: Date;
  /** Set since the key was first refused without proof of death, until an answer is conclusive. */
  readonly refusedSince?: Date;
}

/** The rotation that retires `fingerprint`. */
export interface Timeline {
  readonly fingerprint?: string;
  readonly how?: 'first-key' | 'submitted' | 'direct-edit' | 'rolled-back' | 'keyless';
  readonly submittedAt?: Date;
  readonly promotedAt?: Date;
  /** When the live key changed last, where that was not this rotation, or nothing else is known of it. */
  readonly changedAt?: Date;
  readonly graceEndsAt?: Date;
  readonly deactivatedAt?: Date;
  /** When the Admin record was first seen off: half of a proof by record. */
  readonly recordOffAt?: Date;
  readonly provenAt?: Date;
  /** The mark of the version with a bad value that a check took back. */
  readonly undone?: string;
  /** How often that version was taken back, on which UTC day for the last time, and whether its key had been submitted. */
  readonly undos?: { readonly count: number; readonly on: string; readonly submitted?: true };
}

/** How many notices can be looked up by the id in their mail. */
const MOST_SENT = 8;

export const withSent = (sent: readonly string[], id: string) =>
  [id, ...sent.filter((other) => other !== id)].slice(0, MOST_SENT);

/**
 * What to remember once a notice is sent to these. Without `reminder` the finding is over, and forgotten when everybody has the notice. Where nobody
 * has it nothing changes.
 */
export function withTold<M extends Pick<Memory, 'notices' | 'sent'>>(
  memory: M,
  { id, reminder = OVER }: { readonly id: string; readonly reminder?: string },
  holders: Holders,
  noticeId: string,
): M {
  const remembered = rememberedAs(reminder, holders);
  if (remembered === undefined || remembered === memory.notices[id]) return memory;
  const { [id]: _, ...others } = memory.notices;
  const notices = remembered === OVER ? others : { ...others, [id]: remembered };
  return { ...memory, notices, sent: withSent(memory.sent, noticeId) };
}

/** For a finding that is told of anew. */
export function withoutTold(memory: Memory, id: string): Memory {
  const { [id]: _, ...notices } = memory.notices;
  return { ...memory, notices };
}

/** How many refused keys are remembered (ADR 7). Beyond this, the oldest key's version may be pinned and asked about once. */
const MOST_REJECTED = 6;

/** What to remember once a submission is refused for good. */
export function withRefusal(
  memory: Memory,
  pendingRejection: NonNullable<Memory['pendingRejection']>,
  fingerprint?: string,
): Memory {
  if (fingerprint === undefined) return { ...memory, pendingRejection };
  const id = shortId(fingerprint);
  const rejectedKeys = [id, ...memory.rejectedKeys.filter((other) => other !== id)].slice(0, MOST_REJECTED);
  return { ...memory, pendingRejection, rejectedKeys };
}
