import { shortId } from './key';
import { type KeyIdentity, secretPrefix } from './policy';
import type { BlockedReason } from './probe/outcomes';
import type { Home, VerdictKind } from './probe/verdict';
import type { Refusal } from './refusal';

/** What is remembered of the rotation that retires this key: empty where another key's rotation, or none, is remembered. */
export const timelineOf = (
  { timeline }: Pick<Memory, 'timeline'>,
  fingerprint: string | undefined,
): Timeline => (fingerprint !== undefined && timeline.fingerprint === fingerprint ? timeline : {});

/** It was recorded as switched off, and is not, or no more. */
export function notDeactivated(memory: Memory, fingerprint: string): Memory {
  if (memory.timeline.fingerprint !== fingerprint) return memory;
  const { deactivatedAt: _, ...timeline } = memory.timeline;
  return { ...memory, timeline };
}

/** Leaked keys that are kept in mind. */
const MOST_LEAKED = 2;

/** When a person reported the key with this fingerprint as leaked; undefined where nobody did. */
export const leakedOn = ({ memory }: { readonly memory: Memory }, fingerprint: string | undefined) =>
  memory.leaked.find(({ beginning }) => fingerprint?.startsWith(beginning))?.on;

/** Marks a key as leaked: from now on it gets no grace, is not offered as a way back, and is told of until it is dead. */
export const withLeak = (memory: Memory, fingerprint: string, now: Date): Memory => ({
  ...memory,
  leaked: [{ beginning: shortId(fingerprint), on: now }, ...withoutLeak(memory, fingerprint).leaked].slice(
    0,
    MOST_LEAKED,
  ),
});

/** The report was wrong. */
export const withoutLeak = (memory: Memory, fingerprint: string): Memory => ({
  ...memory,
  leaked: memory.leaked.filter(({ beginning }) => !fingerprint.startsWith(beginning)),
});

/**
 * Whether nobody has looked yet at what a secret holds: an adopted one, which came with a value of its own. One that CDK created holds the
 * placeholder until somebody hands a first key in.
 */
export function isUnchecked(
  { environment, secretName }: Pick<KeyIdentity, 'environment' | 'secretName'>,
  { verdict, checkedOn }: Memory,
): boolean {
  return !verdict && !checkedOn && !secretName.startsWith(secretPrefix(environment));
}

/** What is remembered on the secret. Deleting all of it at any moment causes at most one repeated mail per finding. */
export interface Memory {
  /** UTC day of the last check, `2026-11-21`. */
  readonly checkedOn?: string;
  readonly verdict?: RememberedVerdict;
  /** Last reminder sent per finding id. */
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
  /** Where the accepted key was seen to live; used only when the environment names no home. */
  readonly home?: Home;
  /** A submission judged and refused, first 8 characters of its version id. */
  readonly pendingRejection?: { readonly version: string; readonly reason: Refusal };
  /** Beginnings of the fingerprints of refused submissions, newest first: such a key was never live here, so nobody tracks its end. */
  readonly rejectedKeys: readonly string[];
  /** Keys that a person reported as leaked, by the beginning of their fingerprint, and the day; the last first. */
  readonly leaked: readonly { readonly beginning: string; readonly on: Date }[];
  /** Ids of the last notices that were sent, the last first: whoever has a mail can look it up. */
  readonly sent: readonly string[];
  readonly timeline: Timeline;
}

/** What a secret remembers on which nothing was ever written. */
export const EMPTY_MEMORY: Memory = { notices: {}, rejectedKeys: [], leaked: [], sent: [], timeline: {} };

/** The last conclusive verdict of the live key, and what a listing shows of it without a call per secret. */
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
}

/** The course of the rotation that retires `fingerprint`. */
export interface Timeline {
  readonly fingerprint?: string;
  readonly how?: 'first-key' | 'submitted' | 'direct-edit';
  readonly submittedAt?: Date;
  readonly promotedAt?: Date;
  readonly graceEndsAt?: Date;
  readonly deactivatedAt?: Date;
  /** When the Admin record was first seen switched off: half of a proof by record. */
  readonly recordOffAt?: Date;
  readonly provenAt?: Date;
  /** The version that a check moved AWSCURRENT away from, first 8 characters of its id: a bad edit that was undone. */
  readonly undone?: string;
}

/** Notices that can be looked up by the id in their mail. */
const MOST_SENT = 8;

/** The ids to remember once a notice went out: the last ones, the newest first. */
export const withSent = (sent: readonly string[], id: string) =>
  [id, ...sent.filter((other) => other !== id)].slice(0, MOST_SENT);

/** What is remembered once a notice went out: `reminder` absent forgets the finding, for its end was told. */
export function withTold<M extends Pick<Memory, 'notices' | 'sent'>>(
  memory: M,
  { id, reminder }: { readonly id: string; readonly reminder?: string },
  noticeId: string,
): M {
  const { [id]: _, ...others } = memory.notices;
  const notices = reminder === undefined ? others : { ...others, [id]: reminder };
  return { ...memory, notices, sent: withSent(memory.sent, noticeId) };
}

/** How many refused keys are remembered (ADR 7). One more, and the version of the oldest may be pinned and asked about once. */
const MOST_REJECTED = 6;

/** What is remembered once a submission was refused for good. */
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
