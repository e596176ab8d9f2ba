import type { HistoryNote } from '../history-event';
import type { ListedKey } from '../listed-key';
import type { LeakMark, Memory, RememberedVerdict } from '../memory';
import type { MetricName } from '../metrics';
import type { Phase } from '../policy';
import type { Observation } from '../secret';
import { daysBetween } from '../time';
import type { Verb } from '../wording/commands';
import type { NoticeContext, Sheet } from '../wording/sheet';
import type { Look } from './look';
import { FIRST, ONCE, type Repeat, reminderAfter, repeatInWords } from './repeat';

/** What a row's mail is written with. */
export type { NoticeContext, Sheet, Step } from '../wording/sheet';

/** `critical` wakes people, `warning` wants an action by a date, `info` closes a loop. */
export type Severity = 'info' | 'warning' | 'critical';

/**
 * One thing that is true of a key now. `id` names the kind and what tells several of one kind apart; `reminder` says how often it was reported. A
 * notice is sent once per id and reminder.
 */
export interface FindingOf<K extends string, D> {
  readonly kind: K;
  readonly id: string;
  readonly reminder: string;
  readonly severity: Severity;
  readonly details: D;
}

/** What a run must have seen to say that a finding is over. `report`: only the fleet report says so. */
export type EstablishedBy =
  | 'live-answer'
  | 'old-answer'
  | 'inspection'
  | 'leak-mark'
  | 'deadline'
  | 'submission'
  | 'report';

/** An alarm of the environment that counts a kind of finding. */
export interface FindingAlarm<D> {
  readonly name: string;
  /** Anchor of its section in docs/runbook.md. */
  readonly section: string;
  readonly says: string;
  readonly metric: MetricName;
  /** @default every finding of the kind */
  readonly counts?: (details: D) => boolean;
  /** One cause affects all keys, so that a further key is no news. Source: docs/adr/0008. @default a further key fires again */
  readonly oneForAll?: true;
  /** Alarms within a minute of the first count. @default within an hour */
  readonly atOnce?: boolean;
}

/** What a listing tells of a key without a look into its secret. */
export interface ListedState {
  readonly phase: Phase;
  readonly fingerprint?: string;
  /** What was last established of the live key. `unknownSince` is set while no answer is conclusive. */
  readonly verdict?: Pick<RememberedVerdict, 'kind' | 'reason' | 'since' | 'unknownSince' | 'refusedSince'>;
  /** When Anthropic switches the key off by itself. */
  readonly expiresAt?: Date;
  /** The key belongs to a person and dies when they leave. Undefined where no Admin record was seen. */
  readonly personal?: boolean;
  /** A superseded key is past its grace period and not yet proven dead. */
  readonly retirable: boolean;
  /** Since when the key goes without the check it should have had; absent where it is watched. */
  readonly unwatchedSince?: Date;
}

export interface Listing extends ListedState {
  readonly now: Date;
  readonly memory: Memory;
  readonly leaks: readonly LeakMark[];
  /** Kinds whose last notice is remembered. */
  readonly reported: ReadonlySet<string>;
}

/** How reminders of a kind join the mail that each owner gets once a day. Source: docs/adr/0019. */
export interface Digested<D> {
  /** Whether there is time for it: more than a day is left. */
  readonly waits: (details: D) => boolean;
  /** The details as a listing knows them, for a reminder that a check left to the digest; undefined where they are gone. */
  readonly details: (listed: ListedKey, now: Date) => D | undefined;
  /** The last moment for what is asked. @default none */
  readonly by?: (details: D) => Date;
}

/** The row of the catalogue for one kind of finding: everything about it, said once. */
export interface Row<K extends string, D> {
  /** Its public name: in notices, in tags and in other people's rules. */
  readonly kind: K;
  readonly severity: Severity;
  /** `countdown`: on announced days before a date. `each`: its reminder names the event. @default once */
  readonly repeat?: Repeat | 'countdown' | 'each';
  /** An exemption never quiets what is dead, forgotten alive, foreign or perhaps leaked, nor what a person did. @default it does */
  readonly snooze?: false;
  /** EventBridge `detail-type`. Rules are written against it, so it changes only with the notice schema. */
  readonly event: string;
  /** @default any run can say that it is over */
  readonly establishedBy?: EstablishedBy;
  /** What the mail about its end says. `ofLiveKey`: only while its key is live; a replaced key ends with its rotation. @default no mail */
  readonly ends?: {
    readonly says: string;
    readonly ofLiveKey?: boolean;
    /** Only where the live key answers: a worse finding may have taken its place. */
    readonly onceItAnswers?: boolean;
  };
  /** Whether an alarm or another mail reports it now. @default never */
  readonly reportedOtherwise?: (
    finding: FindingOf<K, D>,
    state: Pick<Memory, 'notices'> & { readonly outage: boolean },
  ) => boolean;
  /** Its reminders may come in the daily digest. @default each comes at once, in a mail of its own */
  readonly digest?: Digested<D>;
  readonly alarms?: readonly FindingAlarm<D>[];
  /** What a person does about it: the state in at most 16 characters, the next step, the command. @default nothing */
  readonly need?: { readonly word: string; readonly next: string; readonly verb: Verb };
  /** Its name in the terminal. @default the word of its need, else its public name without dashes */
  readonly label?: string;
  /** Its name on the page for auditors. @default that of the key's phase */
  readonly page?: string;
  /** Finds it where a look at the live key is enough. @default `detect.ts` makes it, or whoever acts on it */
  readonly detect?: (look: Look) => readonly (FindOptions & { readonly details: D })[];
  /** Whether a listing shows it. @default never */
  readonly listed?: (listing: Listing, kind: string) => boolean;
  /** Its ids name a version by its mark. @default a key, by the beginning of its fingerprint, or nothing */
  readonly about?: 'version';
  /**
   * The details once more, where the bus refused the event of something that was announced and then done, which no later run finds. Undefined where
   * the secret tells of it no longer. @default a later run finds it, or its event is gone with it
   */
  readonly again?: (o: Observation, about: string, reminder: string) => D | undefined;
  /** Its entry in a key's history. @default none */
  readonly history?: (details: D) => HistoryNote;
  /** The details as machines get them. @default as they are */
  readonly published?: (details: D) => object;
  /** Its mail. `repeats` says in words how often it comes: "This mail repeats every day." */
  readonly mail: (details: D, context: NoticeContext, repeats: string) => Sheet;
}

/** For a state that only a look into the secret shows: a listing knows it from its notice. */
export const WHEN_REPORTED = ({ reported }: Listing, kind: string) => reported.has(kind);

/** The same for a superseded key: over when the key's label is gone. */
export const WHEN_REPORTED_RETIRING = ({ reported, retirable }: Listing, kind: string) =>
  retirable && reported.has(kind);

export interface FindOptions {
  /** Tells several findings of one kind apart. */
  readonly about?: string;
  /** When it began: with `now` it gives the reminder of a repeated kind. */
  readonly since?: Date;
  readonly now?: Date;
  /** For a countdown, or a kind whose reminder names the event. */
  readonly reminder?: string;
}

/** A kind of finding: its row, and how its findings are made and recognized. */
export interface Kind<K extends string, D> extends Row<K, D> {
  readonly label: string;
  find(details: D, options?: FindOptions): FindingOf<K, D>;
  is(finding: { readonly kind: string }): finding is FindingOf<K, D>;
  idOf(about?: string): string;
  /** The reminder that is due now for a finding that began then. */
  reminderAt(since: Date, now: Date): string;
  readonly mail: (details: D, context: NoticeContext) => Sheet;
}

/** Completes a row of the catalogue. */
export function defineKind<const K extends string, D>(row: Row<K, D>): Kind<K, D> {
  const { kind, severity, repeat = ONCE } = row;
  const idOf = (about?: string) => (about === undefined ? kind : `${kind}.${about}`);
  const reminderAt = (since: Date, now: Date) =>
    typeof repeat === 'object' ? reminderAfter(repeat, daysBetween(since, now)) : FIRST;
  return {
    ...row,
    label: row.label ?? row.need?.word ?? kind.replaceAll('-', ' '),
    idOf,
    reminderAt,
    find: (
      details,
      { about, since, now, reminder = since && now ? reminderAt(since, now) : FIRST } = {},
    ) => ({ kind, id: idOf(about), reminder, severity, details }),
    is: (finding): finding is FindingOf<K, D> => finding.kind === kind,
    mail: (details, context) =>
      row.mail(details, context, typeof repeat === 'object' ? repeatInWords(repeat) : ''),
  };
}

/** Splits an id into the kind and what it is about. */
export function readFindingId(id: string): { readonly kind: string; readonly about?: string } {
  const [kind = '', ...about] = id.split('.');
  return { kind, ...(about.length > 0 && { about: about.join('.') }) };
}
