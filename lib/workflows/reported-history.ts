import type { FeedState } from '../domain/audit/audit';
import type { AttributedChange, WhoSwitched } from '../domain/console/who';
import { rowNamed } from '../domain/findings/catalogue';
import type { HistoryEvent, HistoryNote, HistoryStep } from '../domain/history-event';
import { isPlausible } from '../domain/time';
import { actorInWords, addressOf, WHY_UNREAD } from '../domain/wording/who';
import type { ReportedEvent } from './operator-ports';

/**
 * One key's history by the notices that the functions reported, oldest first. Events come at least once, and a notice may be announced again: each
 * counts once. A reminder is no event of its own.
 */
export function historyFromReports(
  events: readonly ReportedEvent[],
  secretArn: string,
): readonly HistoryEvent[] {
  const seen = new Set<string>();
  const isNew = (...ids: readonly string[]) => {
    const known = ids.some((id) => seen.has(id));
    for (const id of ids) seen.add(id);
    return !known;
  };
  const ours = events
    .filter((event) => event.secretArn === secretArn)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return [
    ...ours.flatMap(({ id, notice, kind, details, at }): readonly HistoryEvent[] => {
      const row = rowNamed(kind);
      const note = noteOf(kind, details);
      if (!row || !note || !isNew(`event ${id}`, `notice ${notice}`)) return [];
      const about = note.fingerprint ?? text(details.version) ?? '';
      if (typeof row.repeat === 'object' && !isNew(`${kind} ${about}`)) return [];
      return [{ at, sources: ['event'], ...note, requestId: note.requestId ?? notice }];
    }),
    ...ours
      .flatMap(({ details }) => changesAtAnthropic(details))
      .filter(({ requestId }) => isNew(`activity ${requestId}`)),
  ];
}

/** Whether Anthropic's Activity Feed was read, as the latest report says that tells of it. */
export function feedIn(events: readonly ReportedEvent[]): FeedState | undefined {
  const states = events.flatMap(({ at, details }): readonly FeedState[] => {
    const { created, who } = details as Passed;
    if (who?.kind === 'unread') return WHY_UNREAD[who.why] ? [{ at, why: who.why }] : [];
    return created || who?.kind === 'known' || who?.kind === 'not-recorded' ? [{ at }] : [];
  });
  return states.reduce<FeedState | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
}

/** Where notices hold what the feed says. They come from outside, and may hold anything. */
interface Passed {
  readonly retired?: { readonly fingerprint?: unknown } | null;
  readonly current?: { readonly fingerprint?: unknown } | null;
  readonly created?: AttributedChange;
  readonly who?: WhoSwitched;
}

/** What a notice passes on from Anthropic's Activity Feed, in its own time: who created the key, and who switched it off or on. */
function changesAtAnthropic(details: ReportedEvent['details']): readonly HistoryEvent[] {
  const { retired, current, created, who } = details as Passed;
  const changes = [created, who?.kind === 'known' ? who : undefined];
  return changes.flatMap((change) => {
    const step = change && STEP[change.change];
    const at = new Date(change?.at ?? Number.NaN);
    const requestId = text(change?.activity);
    const by = change && actorOf(change);
    if (!step || !isPlausible(at) || !requestId || !by) return [];
    const fingerprint = text((retired ?? current)?.fingerprint);
    return [{ at, step, sources: ['feed', 'event'], ...(fingerprint && { fingerprint }), by, requestId }];
  });
}

const STEP: Readonly<Partial<Record<string, HistoryStep>>> = {
  created: 'created-at-anthropic',
  enabled: 'enabled-at-anthropic',
  disabled: 'disabled-at-anthropic',
  archived: 'disabled-at-anthropic',
};

/** `kim@example.com, from 192.0.2.34`; undefined for an actor of a shape that nobody knows. */
function actorOf({ actor }: AttributedChange): string | undefined {
  try {
    const [who, from] = [text(actorInWords(actor)), addressOf(actor)];
    return who && from ? `${who}, from ${from}` : who;
  } catch {
    return undefined;
  }
}

/** What a kind says of a notice. Details from outside may lack anything. */
function noteOf(kind: string, details: ReportedEvent['details']): HistoryNote | undefined {
  try {
    const note = rowNamed(kind)?.history?.(details as never);
    return note && { step: note.step, ...texts(note) };
  } catch {
    return undefined;
  }
}

const texts = ({ fingerprint, requestId, note }: HistoryNote) =>
  Object.fromEntries(
    Object.entries({ fingerprint, requestId, note }).filter(([, value]) => text(value) !== undefined),
  );

const text = (value: unknown) => (typeof value === 'string' && value.length <= 500 ? value : undefined);
