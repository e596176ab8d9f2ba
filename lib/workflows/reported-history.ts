import { rowNamed } from '../domain/findings/catalogue';
import type { HistoryEvent, HistoryNote } from '../domain/history-event';
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
  return events
    .filter((event) => event.secretArn === secretArn)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .flatMap(({ id, notice, kind, details, at }) => {
      const row = rowNamed(kind);
      const note = noteOf(kind, details);
      if (!row || !note || !isNew(`event ${id}`, `notice ${notice}`)) return [];
      const about = note.fingerprint ?? text(details.version) ?? '';
      if (typeof row.repeat === 'object' && !isNew(`${kind} ${about}`)) return [];
      return [{ at, sources: ['event'], ...note, requestId: note.requestId ?? notice }];
    });
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
