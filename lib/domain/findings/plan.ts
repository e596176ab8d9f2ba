import { versionMark } from '../key';
import type { Memory } from '../memory';
import { answers, fingerprintOf, graceEnd, type KeyVersion, type Observation, refOf } from '../secret';
import { beginningAlarmsOf, type Finding, isQuieted, rowNamed, rowOf } from './catalogue';
import { digestedSince } from './digest';
import { type EstablishedBy, readFindingId } from './finding';
import { resolved } from './kinds/resolved';
import { BEGUN, isOngoing, isSaid, lacksEvent, readWaiting, reminderIn, waitingSince } from './repeat';

/** A notice that is due now, and what to remember once it is sent: without `reminder` the id is forgotten. */
export interface PlannedNotice {
  readonly finding: Finding;
  readonly remember: { readonly id: string; readonly reminder?: string };
}

export interface NoticePlan {
  readonly send: readonly PlannedNotice[];
  /** What an alarm counts when it begins and no earlier run found, whether or not people can be told of it. */
  readonly begun: readonly Finding[];
  /** What stays remembered whether or not anything is sent now. */
  readonly keep: Memory['notices'];
}

/**
 * Decides which notices are due: each finding once per reminder, the end of a bad state once, nothing about what this run could not see. What is
 * remembered of findings that are over is dropped, so that memory never grows. What may wait for the digest is only remembered as waiting.
 */
export function planNotices(o: Observation, findings: readonly Finding[], now: Date): NoticePlan {
  const { notices } = o.memory;
  const snoozed = o.memory.snooze !== undefined && now < o.memory.snooze.until;
  const state = { notices, outage: o.outage === true };
  const due = findings.filter((f) => {
    const quiet = isQuieted(f.kind, snoozed) || rowOf(f.kind).reportedOtherwise?.(f as never, state);
    return !quiet && notices[f.id] !== f.reminder;
  });
  const begun = findings.filter((f) => !isOngoing(notices[f.id]) && beginningAlarmsOf(f).length > 0);
  const found = new Set(findings.map(({ id }) => id));
  const over = Object.keys(notices).filter((id) => !found.has(id) && !isUndecided(o, id));
  const missed = Object.entries(notices).flatMap(([id, remembered]) =>
    found.has(id) ? [] : (missedEvent(o, id, remembered) ?? []),
  );
  // What nobody was told of ends without a word.
  const ends = over.filter((id) => isSaid(notices[id]!)).flatMap((id) => endOf(o, id) ?? []);
  const wanted = new Set(due.map(({ id }) => id));
  const quieted = [...found].filter((id) => readWaiting(notices[id]) && !wanted.has(id));
  const dropped = new Set([
    ...over.filter((id) => ![...ends, ...missed].some(({ remember }) => remember.id === id)),
    ...quieted,
  ]);
  const waiting = new Map(
    due.flatMap((f) => {
      const since = digestedSince(f, notices[f.id], now);
      return since ? [[f.id, waitingSince(f.reminder, since)] as const] : [];
    }),
  );
  const told = due.filter(({ id }) => !waiting.has(id));
  return {
    send: [
      ...told.map((f): PlannedNotice => ({ finding: f, remember: { id: f.id, reminder: f.reminder } })),
      ...ends,
      ...missed,
    ],
    begun,
    keep: {
      ...Object.fromEntries(inOrderOfWorth(Object.entries(notices).filter(([id]) => !dropped.has(id)))),
      ...Object.fromEntries(begun.map(({ id }) => [id, BEGUN])),
      ...Object.fromEntries(waiting),
    },
  };
}

/** Tags drop the first where they have no room. An end that the bus is still to hear of may go: that repeats no mail. */
const inOrderOfWorth = (entries: readonly (readonly [string, string])[]) =>
  [...entries].sort(([, a], [, b]) => Number(isOngoing(a)) - Number(isOngoing(b)));

/** What was announced and done, and is not found any more, while only the bus is to get it. */
function missedEvent(o: Observation, id: string, remembered: string): PlannedNotice | undefined {
  if (!lacksEvent(remembered)) return undefined;
  const { kind, about = '' } = readFindingId(id);
  const row = rowNamed(kind);
  const reminder = reminderIn(remembered);
  const details = row?.again?.(o, about, reminder);
  if (!row || details === undefined) return undefined;
  return { finding: row.find(details, { about, reminder }) as Finding, remember: { id, reminder } };
}

/** The notice that a finding is over, where its row has one. Whether it is to be told is decided once: then everybody gets it. */
function endOf(o: Observation, id: string): PlannedNotice | undefined {
  const { kind, about = '' } = readFindingId(id);
  const { ends } = rowNamed(kind) ?? {};
  if (!ends) return undefined;
  const details = { was: kind, says: ends.says, current: refOf(o.live) };
  const end = { finding: resolved.find(details, { about: id }), remember: { id } };
  if (!isOngoing(o.memory.notices[id])) return end;
  if (ends.ofLiveKey && !fingerprintOf(o.live)?.startsWith(about)) return undefined;
  if (ends.onceItAnswers && !(o.live && answers(o.live))) return undefined;
  return end;
}

/** Whether this run saw too little to say that the finding is over. */
function isUndecided(o: Observation, id: string): boolean {
  const { kind, about } = readFindingId(id);
  const by = rowNamed(kind)?.establishedBy;
  return by !== undefined && UNDECIDED[by](o, about);
}

const UNDECIDED: Readonly<Record<EstablishedBy, (o: Observation, about?: string) => boolean>> = {
  report: () => true,
  inspection: (o) => o.inspections.length === 0,
  'leak-mark': (o, about) => o.leaks.some(({ beginning }) => beginning === about),
  'live-answer': ({ live }) => live?.content.kind === 'key' && isUnanswered(live),
  // The function with Admin access announces it once, and may still have to act on it.
  deadline: (o, about) => pinned(o, about) !== undefined,
  // A failed rotation is remembered under it, long before it is found.
  submission: ({ submitted }, about) => submitted?.current === false && versionMark(submitted.id) === about,
  'old-answer': (o, about) => {
    const version = pinned(o, about);
    return version !== undefined && isUnanswered(version);
  },
};

const pinned = (o: Observation, about: string | undefined) =>
  o.versions.find((v) => graceEnd(v) !== undefined && isAbout(v, about));

const isUnanswered = ({ verdict }: KeyVersion) => verdict === undefined || verdict.kind === 'UNKNOWN';

const isAbout = (version: KeyVersion, prefix: string | undefined) =>
  prefix !== undefined && fingerprintOf(version)?.startsWith(prefix) === true;
