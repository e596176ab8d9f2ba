import type { ConsoleRecord } from '../console/record';
import type { FleetRow } from './row';

/** Console keys that match no secret. `perhapsHeld` of them may be in one all the same: a listing does not show. */
export interface UnmatchedKeys {
  readonly keys: readonly ConsoleRecord[];
  readonly perhapsHeld: number;
}

/**
 * Active keys of a workspace that no listed secret remembers and no live key looks like. Old, submitted and unchecked keys leave no record in a
 * listing, so as many of the unmatched ones may be theirs.
 */
export function unmatchedKeys(
  records: readonly ConsoleRecord[],
  rows: readonly FleetRow[],
  workspaceId: string,
): UnmatchedKeys {
  const ids = new Set(rows.flatMap(({ recordId, otherRecordId }) => recordId ?? otherRecordId ?? []));
  const hints = rows.flatMap(({ hint }) => hint ?? []);
  const keys = records
    .filter((record) => record.status === 'active' && record.workspaceId === workspaceId)
    .filter(({ id, hint }) => !ids.has(id) && !hints.some((live) => looksLike(live, hint)));
  const hidden = rows.reduce(
    (sum, { retiring, submitted, phase }) =>
      sum + retiring.length + Number(submitted) + Number(phase === 'unknown'),
    0,
  );
  return { keys, perhapsHeld: Math.min(keys.length, hidden) };
}

/** Both short forms can be of one key: Anthropic may show more or fewer characters than we do. */
function looksLike(live: string, hint: string | undefined): boolean {
  const [start = '', end = ''] = live.split('…');
  const [theirStart = '', theirEnd = ''] = hint?.split(/\.{2,}|…/) ?? [];
  const fits = theirStart.length >= 3 && theirEnd.length >= 3;
  return (
    fits &&
    (start.startsWith(theirStart) || theirStart.startsWith(start)) &&
    (end.endsWith(theirEnd) || theirEnd.endsWith(end))
  );
}
