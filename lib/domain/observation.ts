import type { RefusalReason } from './pasted-text';
import type { KeyIdentity, Policy } from './policy';
import type { Home, Verdict, VerdictKind, Whereabouts } from './verdict';

/** A key that may be named to people: never its value. */
export interface KeyRef {
  readonly versionId: string;
  /** First 12 hex digits of the SHA-256 of the key: says "same key" without having it. */
  readonly fingerprint: string;
  /** The only printable form of a key, e.g. `sk-ant-api03-R2D…igAA`. */
  readonly hint: string;
}

/** What a secret version holds. `other` is text that is no key at all: a deliberate stop, such as `DISABLED`. */
export type Content =
  | ({ readonly kind: 'key' } & Omit<KeyRef, 'versionId'>)
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'malformed' | 'other'; readonly reason: RefusalReason }
  | { readonly kind: 'unread' };

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

/** What the Admin API says of a key. */
export interface AdminRecord {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'inactive' | 'archived' | 'expired';
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  /** True when the key belongs to a person and dies when they leave. */
  readonly personal: boolean;
}

/** A key as the Claude Console lists it. */
export interface ConsoleRecord extends AdminRecord {
  /** Anthropic's short form, e.g. `sk-ant-api03-R2D...igAA`; some keys have none. */
  readonly hint?: string;
  readonly workspaceId?: string;
}

/** Whether a key was used over a window, with the evidence. `unknown` is never read as idle. */
export type Usage =
  | { readonly kind: 'idle'; readonly from: Date; readonly to: Date; readonly refreshedAt: Date }
  | {
      readonly kind: 'in-use';
      readonly from: Date;
      readonly to: Date;
      readonly refreshedAt: Date;
      readonly requests: number;
      readonly lastUsed: Date;
      readonly models: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An hour in which a key was used ten times its own median and more. */
export interface Spike {
  readonly hour: Date;
  readonly requests: number;
  readonly medianPerHour: number;
}

/** What the Admin API added to an observation, per fingerprint. Absent where Admin access is off or was not asked. */
export interface Inspection {
  readonly fingerprint: string;
  /** Absent where none is surely this key's: never a reason to act. */
  readonly record?: AdminRecord;
  readonly usage?: Usage;
  readonly spike?: Spike;
}

/** What is remembered on the secret. Deleting all of it at any moment causes at most one repeated mail per finding. */
export interface Memory {
  /** UTC day of the last check, `2026-11-21`. */
  readonly checkedOn?: string;
  readonly verdict?: RememberedVerdict;
  /** Last rung sent per finding id. */
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
  readonly rejected?: { readonly version: string; readonly reason: string };
  /** Beginnings of the fingerprints of refused submissions, newest first: such a key was never live here, so nobody tracks its end. */
  readonly refused: readonly string[];
  /** Keys that a person reported as leaked, by the beginning of their fingerprint, and the day; the last first. */
  readonly leaked: readonly { readonly beginning: string; readonly on: Date }[];
  /** Ids of the last notices that were sent, the last first: whoever has a mail can look it up. */
  readonly sent: readonly string[];
  readonly timeline: Timeline;
}

/** What a secret remembers on which nothing was ever written. */
export const EMPTY_MEMORY: Memory = { notices: {}, refused: [], leaked: [], sent: [], timeline: {} };

/** The last conclusive verdict of the live key, and what a listing shows of it without a call per secret. */
export interface RememberedVerdict {
  readonly fingerprint: string;
  readonly hint: string;
  /** When the key first appeared. */
  readonly keyCreatedAt: Date;
  readonly kind: VerdictKind;
  readonly reason?: string;
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

/** Everything known of one managed key at one moment. */
export interface Observation {
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
