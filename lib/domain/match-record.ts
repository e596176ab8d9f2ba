import type { ConsoleRecord } from './observation';

/** A record, as far as it can be told from others. */
export type Listed = Pick<ConsoleRecord, 'id' | 'hint' | 'workspaceId'>;

export type RecordMatch<R> =
  | { readonly record: R; readonly why?: undefined }
  | { readonly record?: undefined; readonly why: string };

/**
 * Finds the record of a key among all records of its organization: same workspace, both ends of the hint, exactly one.
 * Anything less than certain is no match, with the reason in words.
 */
export function matchRecord<R extends Listed>(
  key: { matchesHint(partialKeyHint: string): boolean },
  workspaceId: string | undefined,
  records: readonly R[],
): RecordMatch<R> {
  if (workspaceId === undefined) return { why: 'No answer has told yet which workspace the key is in.' };
  const alike = records.filter(
    (record) =>
      record.workspaceId === workspaceId && record.hint !== undefined && key.matchesHint(record.hint),
  );
  const [record] = alike;
  if (record === undefined) return { why: 'No record of this workspace has a hint that fits the key.' };
  if (alike.length > 1)
    return { why: `${alike.length} records of this workspace have a hint that fits the key.` };
  return { record };
}
