import type { ConsoleRecord } from '../console/record';
import type { FleetRow } from './row';

/** Console keys that match no secret. `perhapsHeld` of them may be in one all the same: a listing does not show. */
export interface UnmatchedKeys {
  readonly keys: readonly ConsoleRecord[];
  readonly perhapsHeld: number;
}

/**
 * Active keys of a workspace that no listed secret remembers, and that look like no live and no superseded key. Submitted and unchecked keys, and
 * old ones whose hint is not remembered, leave no trace in a listing, so as many of the unmatched ones may be theirs.
 */
export function unmatchedKeys(
  records: readonly ConsoleRecord[],
  rows: readonly FleetRow[],
  workspaceId: string,
): UnmatchedKeys {
  const ids = new Set(rows.flatMap(({ recordId, otherRecordId }) => recordId ?? otherRecordId ?? []));
  const hints = rows.flatMap(({ hint, retiringHints }) => [...(hint ? [hint] : []), ...retiringHints]);
  const active = records.filter((record) => record.status === 'active' && record.workspaceId === workspaceId);
  const isListed = (hint: string) => active.some((record) => looksLike(hint, record.hint));
  const keys = active.filter(({ id, hint }) => !ids.has(id) && !hints.some((ours) => looksLike(ours, hint)));
  const hidden = rows.reduce(
    (sum, { retiring, retiringHints, submitted, phase }) =>
      sum +
      Math.max(0, retiring.length - retiringHints.filter(isListed).length) +
      Number(submitted) +
      Number(phase === 'unknown'),
    0,
  );
  return { keys, perhapsHeld: Math.min(keys.length, hidden) };
}

/** Both short forms can be of one key: Anthropic may show more or fewer characters than we do. */
function looksLike(ours: string, hint: string | undefined): boolean {
  const [start = '', end = ''] = ours.split('…');
  const [theirStart = '', theirEnd = ''] = hint?.split(/\.{2,}|…/) ?? [];
  const fits = theirStart.length >= 3 && theirEnd.length >= 3;
  return (
    fits &&
    (start.startsWith(theirStart) || theirStart.startsWith(start)) &&
    (end.endsWith(theirEnd) || theirEnd.endsWith(end))
  );
}
