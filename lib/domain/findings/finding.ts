import type { Spike, Usage } from '../console/usage';
import { beginningOf, type KeyRef } from '../key';
import type { Timeline } from '../memory';
import type { BlockedReason, Evidence, Home, VerdictKind } from '../probe/verdict';
import type { LiveState } from '../secret';

/** `critical` wakes people, `warning` wants an action by a date, `info` closes a loop. */
export type Severity = 'info' | 'warning' | 'critical';

/** How a superseded key was found to be dead. Source: "The flows" in docs/architecture.md. */
export type ProofOfDeath =
  | { readonly by: 'probe'; readonly evidence: Evidence; readonly recordStatus?: string }
  | { readonly by: 'record'; readonly recordId: string; readonly recordStatus: string }
  | { readonly by: 'attestation'; readonly statement: string };

/** What can be true of a key, with what a reader of the notice needs to know. Times are absolute; nothing here is a key value. */
export interface FindingDetails {
  /** Deployed, and no key was ever put in. */
  'awaiting-first-key': { readonly since: Date };
  due: {
    readonly current: KeyRef;
    readonly createdAt: Date;
    readonly dueAt: Date;
    readonly daysLeft: number;
    readonly live: LiveState;
  };
  overdue: {
    readonly current: KeyRef;
    readonly createdAt: Date;
    readonly dueAt: Date;
    readonly daysOver: number;
    readonly live: LiveState;
  };
  /** The live key is dead. `fallback` is an earlier key that still works; `onPurpose` where it was reported as leaked or switched off from here. */
  dead: {
    readonly current: KeyRef;
    readonly since: Date;
    readonly evidence: Evidence;
    readonly onPurpose: boolean;
    readonly fallback?: KeyRef;
  };
  blocked: {
    readonly current: KeyRef;
    readonly reason: BlockedReason;
    readonly since: Date;
    readonly advice: string;
    readonly evidence: Evidence;
  };
  /** No conclusive answer for more than 24 hours. */
  inconclusive: {
    readonly current: KeyRef;
    readonly since: Date;
    readonly reason: string;
    readonly advice: string;
  };
  'expires-soon': { readonly current: KeyRef; readonly expiresAt: Date; readonly daysLeft: number };
  'dies-with-its-owner': { readonly current: KeyRef; readonly recordId: string };
  'usage-spike': { readonly current: KeyRef; readonly spike: Spike };
  /** The live key works, but in another organization or workspace than its environment's. */
  foreign: { readonly current: KeyRef; readonly seen: Home; readonly expected: Home };
  /** AWSCURRENT holds no usable key: a deliberate stop or a malformed paste. */
  'not-a-key': {
    readonly content: 'placeholder' | 'malformed' | 'other';
    readonly reason: string;
    readonly accepted?: KeyRef;
    /** The live version, so that the notice can name the way back. */
    readonly version?: string;
  };
  /** A direct edit put the accepted key in again: its age goes on. */
  'same-key-again': { readonly current: KeyRef; readonly createdAt: Date };
  /** A submission was refused. The version stays readable in the history: the notice says what to do about that. */
  rejected: {
    readonly version: string;
    readonly reason: string;
    readonly what: string;
    readonly live: LiveState;
  };
  /** A submission waits for longer than a day. */
  'submission-stuck': { readonly submitted: KeyRef; readonly since: Date; readonly live: LiveState };
  /** A bad direct edit was undone, or a human went back to an earlier key (`by-hand`). */
  'rolled-back': {
    readonly restored: KeyRef;
    readonly removed: string;
    readonly cause: 'dead' | 'elsewhere' | 'malformed' | 'by-hand';
  };
  /** A bad direct edit stands, because it could not be undone or `autoRollback` is off. */
  'direct-edit-refused': {
    readonly current: string;
    readonly accepted?: KeyRef;
    /** What the accepted key answered; absent where it was not asked. */
    readonly acceptedIs?: VerdictKind | 'LEAKED';
    readonly cause: 'dead' | 'elsewhere' | 'malformed';
    /** The live version, so that the notice can name the way back. */
    readonly version?: string;
  };
  rotated: {
    readonly current: KeyRef;
    readonly how: 'first-key' | 'submitted' | 'direct-edit';
    readonly retiring: readonly { readonly key: KeyRef; readonly until: Date; readonly leaked: boolean }[];
    /** Set where no home was configured: what was accepted and remembered. */
    readonly learnedHome?: Home;
  };
  /** Grace is over and a human must switch the key off. */
  'grace-over': {
    readonly retiring: KeyRef;
    readonly since: Date;
    readonly recordId?: string;
    readonly why: string;
    /** Name of another managed secret whose live key it is: then switching it off would stop that service. */
    readonly liveIn?: string;
  };
  /** Grace was extended because the key is still used. */
  extended: {
    readonly retiring: KeyRef;
    readonly until: Date;
    readonly usage: Usage;
    readonly extension: number;
    readonly most: number;
  };
  /** We are about to switch the key off at Anthropic. */
  deactivating: { readonly retiring: KeyRef; readonly recordId: string; readonly why: string };
  /** Superseded, grace over, and still working. */
  zombie: { readonly retiring: KeyRef; readonly since: Date; readonly evidence: Evidence };
  /** Grace over for 24 h and no answer tells dead from alive. */
  unproven: { readonly retiring: KeyRef; readonly since: Date; readonly reason: string };
  'rotation-complete': {
    readonly retired: KeyRef;
    readonly proof: ProofOfDeath;
    readonly current: KeyRef;
    readonly timeline: Timeline;
    readonly leaked: boolean;
  };
  /** A person reported a key as leaked. */
  contained: {
    readonly leaked: KeyRef;
    /** It is being switched off right now, or it was not, and still answers. */
    readonly state: 'switching-off' | 'still-works';
    /** As the person gave it; not remembered. */
    readonly reason?: string;
    /** It is the key that the service uses. */
    readonly live: boolean;
    readonly evidence?: Evidence;
  };
  /** A check is overdue: raised by the fleet report. */
  unwatched: { readonly lastChecked?: string; readonly reason: string };
  /** Something that was true is so no longer. */
  resolved: { readonly was: string; readonly current?: KeyRef };
}

export type FindingKind = keyof FindingDetails;

/**
 * One thing that is true of a key now. `id` names what it is about (kind, plus a fingerprint where several keys of a secret
 * can have the finding), `rung` the step of its ladder: a notice is sent once per id and rung.
 */
export type Finding = {
  [K in FindingKind]: {
    readonly kind: K;
    readonly id: string;
    readonly rung: string;
    readonly severity: Severity;
    readonly details: FindingDetails[K];
  };
}[FindingKind];

export type FindingOf<K extends FindingKind> = Extract<Finding, { kind: K }>;

/** How a finding is remembered: its kind, and where a key may have several of one kind, what it is about. */
export const findingId = (kind: FindingKind, about?: string) =>
  about === undefined ? kind : `${kind}.${about}`;

/** The id of a finding about a key, by its fingerprint, or about a version, by its id. */
export const findingAbout = (kind: FindingKind, id: string) => findingId(kind, beginningOf(id));

/** Takes apart what `findingId` joined. */
export function readFindingId(id: string): { readonly kind: FindingKind; readonly about?: string } {
  const [kind, ...about] = id.split('.');
  return { kind: kind as FindingKind, ...(about.length > 0 && { about: about.join('.') }) };
}
