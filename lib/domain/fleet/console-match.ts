import type { ConsoleRecord } from '../console/record';
import type { FleetRow } from './row';

/** Keys of the Console that were matched to no secret. `perhapsHeld` of them may be in one: a listing does not tell. */
export interface UnmatchedKeys {
  readonly keys: readonly ConsoleRecord[];
  readonly perhapsHeld: number;
}

/**
 * Active keys of a workspace that no listed secret remembers and no live key looks like. Old keys in grace, submitted keys and keys that were never
 * checked leave no record in a listing, so as many of the unmatched ones may be theirs: not matched is not the same as unknown.
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
