import type { FleetRow } from '../fleet/row';
import type { HistoryEvent, HistoryStep } from '../history-event';
import { versionInShort } from '../key';
import { DAY, MINUTE } from '../time';

/** Two accounts of the same step this close are one event: clocks and log delivery differ. */
const SAME = 10 * MINUTE;

/** A key's history, oldest first: its secret's memory joined with what was read elsewhere. */
export function historyOf(
  row: FleetRow,
  readElsewhere: readonly HistoryEvent[] = [],
): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const event of [...remembered(row), ...readElsewhere]) {
    const index = events.findIndex((known) => isSame(known, event));
    if (index < 0) events.push(event);
    else events[index] = joined(events[index]!, event);
  }
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

const HOW = {
  'first-key': 'the first key of this secret',
  submitted: 'tested, then promoted',
  'direct-edit': 'put in by a direct edit, then tested and accepted',
} as const;

/** Left out where the key's submission or promotion is known from the same day. */
function firstSeen({ createdAt, timeline }: FleetRow): Date | undefined {
  const arrival = timeline.submittedAt ?? timeline.promotedAt;
  const isSameDay = createdAt && arrival && Math.abs(arrival.getTime() - createdAt.getTime()) < DAY;
  return isSameDay ? undefined : createdAt;
}

function remembered(row: FleetRow): readonly HistoryEvent[] {
  const { fingerprint, timeline, retiring } = row;
  const { fingerprint: old, how } = timeline;
  const at = (
    step: HistoryStep,
    date: Date | undefined,
    about: string | undefined,
    note?: string,
  ): readonly HistoryEvent[] =>
    date ? [{ at: date, step, fingerprint: about, sources: ['memory'], note }] : [];
  return [
    ...at('created', firstSeen(row), fingerprint),
    ...at('submitted', timeline.submittedAt, fingerprint),
    ...at('promoted', timeline.promotedAt, fingerprint, how && HOW[how]),
    ...at('grace-ends', timeline.graceEndsAt, old),
    ...retiring.map(
      ({ until, versionId }): HistoryEvent => ({
        at: until,
        step: 'grace-ends',
        sources: ['label'],
        note: `version ${versionInShort(versionId)}`,
      }),
    ),
    ...row.leaked.flatMap(({ beginning: prefix, on }) =>
      at('contained', on, [fingerprint, old].find((known) => known?.startsWith(prefix)) ?? prefix),
    ),
    ...at('deactivated', timeline.deactivatedAt, old),
    ...at('record-off', timeline.recordOffAt, old),
    ...at('proven-dead', timeline.provenAt, old),
  ];
}

function isSame(a: HistoryEvent, b: HistoryEvent): boolean {
  const near = Math.abs(a.at.getTime() - b.at.getTime()) <= SAME;
  const oneKey = !a.fingerprint || !b.fingerprint || a.fingerprint === b.fingerprint;
  return a.step === b.step && near && oneKey;
}

const joined = (a: HistoryEvent, b: HistoryEvent): HistoryEvent => ({
  ...b,
  ...Object.fromEntries(Object.entries(a).filter(([, value]) => value !== undefined)),
  at: a.at,
  step: a.step,
  sources: [...new Set([...a.sources, ...b.sources])],
});
