import type { FleetRow } from '../fleet/row';
import type { HistoryEvent, HistoryStep } from '../history-event';
import { versionInShort } from '../key';
import { DAY, elapsed, MINUTE, utcDay } from '../time';

/** Two accounts of the same step this close are one event: clocks and log delivery differ. */
const SAME = 10 * MINUTE;

/** CloudTrail's events appear within this time. */
const DELIVERED = 15 * MINUTE;

/** A check finds a change of the live value within a day, and twice that leaves room for one that failed. */
const REPORTED_WITHIN = 2 * DAY;

/** What was read besides the secret, and when. */
export interface ReadElsewhere {
  readonly now: Date;
  readonly events?: readonly HistoryEvent[];
  /** From here on CloudTrail is complete; absent if it was not read. */
  readonly trailSince?: Date;
}

/** A key's history, oldest first: its secret's memory joined with what was read elsewhere. */
export function historyOf(row: FleetRow, elsewhere: ReadElsewhere): readonly HistoryEvent[] {
  const events = [...remembered(row)];
  // The latest first, because memory knows only the latest rotation.
  for (const event of (elsewhere.events ?? []).toSorted(byTime).reverse()) {
    const [known] = events.filter((each) => isSame(each, event)).sort(nearestTo(event));
    if (known) events[events.indexOf(known)] = joined(known, event);
    else events.push(event);
  }
  return events
    .map((event) =>
      isUnconfirmed(event, events, elsewhere) ? { ...event, unconfirmed: true as const } : event,
    )
    .sort(byTime);
}

const byTime = (a: HistoryEvent, b: HistoryEvent) => a.at.getTime() - b.at.getTime();

const nearestTo =
  ({ at }: HistoryEvent) =>
  (a: HistoryEvent, b: HistoryEvent) =>
    Math.abs(elapsed(a.at, at)) - Math.abs(elapsed(b.at, at));

const HOW = {
  'first-key': 'the first key of this secret',
  submitted: 'tested, then promoted',
  'direct-edit': 'put in by a direct edit, then tested and accepted',
  'rolled-back': 'by a person',
  keyless: 'KEYLESS: the secret needs no key any more',
} as const;

/** Left out where the key's submission or promotion is known from the same day or before. */
function firstSeen({ createdAt, timeline }: FleetRow): Date | undefined {
  const arrival = timeline.submittedAt ?? timeline.promotedAt;
  return createdAt && arrival && elapsed(createdAt, arrival) < DAY ? undefined : createdAt;
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
    ...at(
      how === 'rolled-back' ? how : how === 'keyless' ? 'direct-edit' : 'promoted',
      timeline.promotedAt,
      fingerprint,
      how && HOW[how],
    ),
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
      at('contained', on, [fingerprint, old].find((known) => known?.startsWith(prefix)) ?? prefix).map(
        (leak) => (isMidnight(on) ? { ...leak, dayOnly: true as const } : leak),
      ),
    ),
    ...at('deactivated', timeline.deactivatedAt, old),
    ...at('record-off', timeline.recordOffAt, old),
    ...at('proven-dead', timeline.provenAt, old),
  ];
}

/** A tag keeps the day of a leak: midnight is no time of it. */
const isMidnight = (date: Date) => date.getTime() % DAY === 0;

/** Two accounts of one event. One source never tells of an event twice. */
function isSame(a: HistoryEvent, b: HistoryEvent): boolean {
  if (a.sources.some((source) => b.sources.includes(source))) return false;
  if (a.step !== b.step || !isOneKey(a.fingerprint, b.fingerprint)) return false;
  if (a.dayOnly || b.dayOnly) return utcDay(a.at) === utcDay(b.at);
  return Math.abs(elapsed(a.at, b.at)) <= SAME;
}

/** A fingerprint may be known by its beginning only. */
const isOneKey = (a = '', b = '') => a.startsWith(b) || b.startsWith(a);

function joined(a: HistoryEvent, b: HistoryEvent): HistoryEvent {
  const { dayOnly, ...known } = Object.fromEntries(
    Object.entries(a).filter(([, value]) => value !== undefined),
  ) as unknown as HistoryEvent;
  const { dayOnly: _, ...more } = b;
  const fingerprint = [a.fingerprint, b.fingerprint].find((each) => each && each.length > 8);
  return {
    ...more,
    ...known,
    ...(dayOnly && !b.dayOnly && { at: b.at }),
    ...(dayOnly && b.dayOnly && { dayOnly }),
    ...(fingerprint && { fingerprint }),
    sources: [...new Set([...a.sources, ...b.sources])],
  };
}

/** Steps that move AWSCURRENT, and so are in CloudTrail. */
const MOVES: ReadonlySet<HistoryStep> = new Set(['promoted', 'direct-edit', 'rolled-back']);

/**
 * An event that somebody put on the bus, and for which CloudTrail shows no change of the live value where it should. Whoever may put events can
 * write into the evidence log, but not into CloudTrail.
 */
function isUnconfirmed(
  { at, step, sources }: HistoryEvent,
  events: readonly HistoryEvent[],
  { trailSince, now }: ReadElsewhere,
): boolean {
  if (!trailSince || !MOVES.has(step) || !sources.includes('event') || sources.includes('cloudtrail'))
    return false;
  if (elapsed(trailSince, at) < REPORTED_WITHIN || elapsed(at, now) < DELIVERED) return false;
  return !events.some((other) => {
    const before = elapsed(other.at, at);
    return (
      MOVES.has(other.step) &&
      other.sources.includes('cloudtrail') &&
      before <= REPORTED_WITHIN &&
      before >= -SAME
    );
  });
}
