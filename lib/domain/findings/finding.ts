import type { HistoryNote } from '../audit/event';
import type { Memory } from '../memory';
import type { MetricName } from '../metrics';
import type { Phase } from '../policy';
import type { VerdictKind } from '../probe/verdict';
import { daysBetween } from '../time';
import type { Verb } from '../wording/commands';
import type { NoticeContext, Sheet } from '../wording/sheet';
import { FIRST, ONCE, type Repeat, reminderAfter, repeatInWords } from './repeat';

/** `critical` wakes people, `warning` wants an action by a date, `info` closes a loop. */
export type Severity = 'info' | 'warning' | 'critical';

/**
 * One thing that is true of a key now. `id` names what it is about (the kind, and what tells several of one kind apart); `reminder` says how
 * often it was told. A notice is sent once per id and reminder.
 */
export interface FindingOf<K extends string, D> {
  readonly kind: K;
  readonly id: string;
  readonly reminder: string;
  readonly severity: Severity;
  readonly details: D;
}

/** What a run must have seen before it can say that a finding is over; `report`: only the fleet report says so. */
export type EstablishedBy = 'live-answer' | 'old-answer' | 'inspection' | 'leak-mark' | 'deadline' | 'report';

/** An alarm of the environment that counts a kind of finding. */
export interface FindingAlarm<D> {
  readonly name: string;
  /** Anchor of its section in docs/runbook.md. */
  readonly section: string;
  readonly says: string;
  readonly metric: MetricName;
  /** @default every finding of the kind */
  readonly counts?: (details: D) => boolean;
}

/** What a listing knows of a key without a look into its secret. */
export interface Listing {
  readonly now: Date;
  readonly phase: Phase;
  readonly memory: Memory;
  /** Kinds that people were told of last. */
  readonly told: ReadonlySet<string>;
  readonly fingerprint?: string;
  readonly verdict?: { readonly kind: VerdictKind; readonly unknownSince?: Date };
  readonly expiresAt?: Date;
  readonly personal?: boolean;
  /** A superseded key is past its grace and not yet proven dead. */
  readonly retirable: boolean;
  readonly unwatchedSince?: Date;
}

/** The row of the catalogue for one kind of finding: all that is said of it, said once. */
export interface Row<K extends string, D> {
  /** Its public name: in notices, tags and rules of others. */
  readonly kind: K;
  readonly severity: Severity;
  /** `countdown`: on announced days before a date. `each`: its reminder names the occasion. @default once */
  readonly repeat?: Repeat | 'countdown' | 'each';
  /** Whether an exemption quiets it. Never what is dead, forgotten alive, foreign or perhaps leaked, nor what follows from a human's own act. @default it does */
  readonly snooze?: false;
  /** EventBridge `detail-type`: rules are written against it, so it changes only with the notice schema. */
  readonly event: string;
  /** @default any run can say that it is over */
  readonly establishedBy?: EstablishedBy;
  /** What is told of its end. `ofLiveKey`: only while its key is the live one; a key that was replaced has told its end otherwise. @default nothing */
  readonly ends?: { readonly says: string; readonly ofLiveKey?: boolean };
  /** Whether people hear of it in another way now. @default never */
  readonly toldOtherwise?: (
    finding: FindingOf<K, D>,
    heard: { readonly told: Memory['notices']; readonly outage: boolean },
  ) => boolean;
  readonly alarms?: readonly FindingAlarm<D>[];
  /** What a person does about it: the state in at most 16 characters, the next step, the command. @default it needs nobody */
  readonly need?: { readonly word: string; readonly next: string; readonly verb: Verb };
  /** Its name in the terminal's list. @default its public name */
  readonly label?: string;
  /** Its name on the page for auditors. @default that of the key's phase */
  readonly page?: string;
  /** Whether it is true, as far as a listing tells. @default a listing does not show it */
  readonly listed?: (listing: Listing, kind: string) => boolean;
  /** What it says of the course of a key. @default nothing */
  readonly history?: (details: D) => HistoryNote;
  /** The details as machines get them. @default as they are */
  readonly published?: (details: D) => object;
  /** Its mail. `repeats` says in words how often it comes: "This mail repeats every day." */
  readonly mail: (details: D, context: NoticeContext, repeats: string) => Sheet;
}

/** A state that only a look into the secret establishes: a listing knows of it because people were told. */
export const WHEN_TOLD = ({ told }: Listing, kind: string) => told.has(kind);

/** A state of a superseded key, known the same way; it is over when the key's label is gone. */
export const WHEN_TOLD_OF_RETIRING = ({ told, retirable }: Listing, kind: string) =>
  retirable && told.has(kind);

/** When and about what a finding is made. */
export interface Occasion {
  /** Tells several findings of one kind apart. */
  readonly about?: string;
  /** When it began: with `now` it gives the reminder of a kind that is repeated. */
  readonly since?: Date;
  readonly now?: Date;
  /** Of a countdown, or of a kind whose reminder names the occasion. */
  readonly reminder?: string;
}

/** A kind of finding: its row, and how its findings are made and recognised. */
export interface Kind<K extends string, D> extends Row<K, D> {
  find(details: D, occasion?: Occasion): FindingOf<K, D>;
  is(finding: { readonly kind: string }): finding is FindingOf<K, D>;
  /** How a finding of this kind is remembered. */
  idOf(about?: string): string;
  /** The reminder that is due now of one that began then. */
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
    idOf,
    reminderAt,
    find: (
      details,
      { about, since, now, reminder = since && now ? reminderAt(since, now) : FIRST } = {},
    ) => ({
      kind,
      id: idOf(about),
      reminder,
      severity,
      details,
    }),
    is: (finding): finding is FindingOf<K, D> => finding.kind === kind,
    mail: (details, context) =>
      row.mail(details, context, typeof repeat === 'object' ? repeatInWords(repeat) : ''),
  };
}

/** Takes an id apart: the kind, and what it is about. */
export function readFindingId(id: string): { readonly kind: string; readonly about?: string } {
  const [kind = '', ...about] = id.split('.');
  return { kind, ...(about.length > 0 && { about: about.join('.') }) };
}
