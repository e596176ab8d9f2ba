import { EVENT_SOURCE } from '../../lib/contract/names';
import { rowOf } from '../../lib/domain/findings/catalogue';
import type { HistoryEvent } from '../../lib/domain/history-event';
import type { NoticeData } from '../../lib/domain/notices/notice';
import type { FakeAws } from '../aws';

/** What an archive of the event bus would tell of each secret, by ARN. An event that was repeated counts once. */
export function evidenceFrom(clouds: readonly FakeAws[]): ReadonlyMap<string, readonly HistoryEvent[]> {
  const found = new Map<string, HistoryEvent[]>();
  const seen = new Set<string>();
  for (const { source, at, detail } of clouds.flatMap(({ events }) => events.received)) {
    if (source !== EVENT_SOURCE) continue;
    const { id, kind, secretArn, details } = detail as NoticeData;
    const note = kind && rowOf(kind).history?.(details as never);
    if (!note || seen.has(id)) continue;
    seen.add(id);
    found.set(secretArn, [...(found.get(secretArn) ?? []), { at, sources: ['event'], ...note }]);
  }
  return found;
}
