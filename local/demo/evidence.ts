import { EVENT_SOURCE } from '../../lib/contract/names';
import type { HistoryEvent } from '../../lib/domain/audit/history';
import type { FindingDetails, FindingKind } from '../../lib/domain/findings/finding';
import type { NoticeData } from '../../lib/domain/notices/notice';
import type { FakeAws } from '../aws';

type Told = Omit<HistoryEvent, 'at' | 'sources'>;
type Tellers = { readonly [K in FindingKind]?: (details: FindingDetails[K]) => Told };

/** The transitions that belong into the history of a key, and what each says of it. */
const TELLS: Tellers = {
  rotated: ({ current }) => ({ step: 'promoted', fingerprint: current.fingerprint }),
  'rolled-back': ({ restored }) => ({ step: 'rolled-back', fingerprint: restored.fingerprint }),
  'direct-edit-refused': () => ({ step: 'direct-edit', note: 'refused' }),
  'same-key-again': ({ current }) => ({
    step: 'direct-edit',
    fingerprint: current.fingerprint,
    note: 'the same key again',
  }),
  contained: ({ leaked, reason }) => ({ step: 'contained', fingerprint: leaked.fingerprint, note: reason }),
  deactivating: ({ retiring, why }) => ({
    step: 'deactivated',
    fingerprint: retiring.fingerprint,
    note: why,
  }),
  'rotation-complete': ({ retired, proof }) => ({
    step: 'proven-dead',
    fingerprint: retired.fingerprint,
    requestId: proof.by === 'probe' ? proof.evidence.requestId : undefined,
  }),
};

/** What an archive of the event bus would tell of each secret, by ARN. An event that was repeated counts once. */
export function evidenceFrom(clouds: readonly FakeAws[]): ReadonlyMap<string, readonly HistoryEvent[]> {
  const found = new Map<string, HistoryEvent[]>();
  const seen = new Set<string>();
  for (const { source, at, detail } of clouds.flatMap(({ events }) => events.received)) {
    const { id, kind, secretArn, details } = detail as NoticeData;
    const tell = TELLS[kind] as ((details: unknown) => Told) | undefined;
    if (source !== EVENT_SOURCE || !tell || seen.has(id)) continue;
    seen.add(id);
    found.set(secretArn, [...(found.get(secretArn) ?? []), { at, sources: ['event'], ...tell(details) }]);
  }
  return found;
}
