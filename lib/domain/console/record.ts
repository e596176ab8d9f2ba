import type { Spike, Usage } from './usage';
import type { AttributedChange, WhoSwitched } from './who';

/** What the Admin API says about a key. */
export interface AdminRecord {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'inactive' | 'archived' | 'expired';
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  /** True when the key belongs to a person and dies when they leave. */
  readonly personal: boolean;
  /** Absent: not recorded. */
  readonly createdBy?: { readonly kind: 'user' | 'service-account'; readonly id: string };
  /** Absent: bound to nobody. */
  readonly principal?: { readonly kind: 'user' | 'service-account'; readonly id: string };
}

/** A key as the Claude Console lists it. */
export interface ConsoleRecord extends AdminRecord {
  /** Anthropic's short form, e.g. `sk-ant-api03-R2D...igAA`; some keys have none. */
  readonly hint?: string;
  readonly workspaceId?: string;
  /** Who made it. Absent if Anthropic has not recorded that. */
  readonly createdBy?: Principal;
  /** Whom it acts as. Absent if it is bound to nobody: in a workspace it is then a legacy workspace key. */
  readonly principal?: Principal;
}

/** A person or a service account, by its id at Anthropic. */
export interface Principal {
  readonly kind: 'user' | 'service-account';
  readonly id: string;
}

/** What the Admin API adds to an observation about one key. Absent where Admin access is off or was not asked. */
export interface Inspection {
  readonly fingerprint: string;
  /** Absent where none is certain to be this key's: never a reason to act. */
  readonly record?: AdminRecord;
  readonly usage?: Usage;
  readonly spike?: Spike;
  /** Asked of the Activity Feed only about a key that is refused, or whose record is off. */
  readonly switched?: WhoSwitched;
  /** Asked of the Activity Feed only about a key that is new here. */
  readonly created?: AttributedChange;
}

/** What tells a record from others. */
export type Listed = Pick<ConsoleRecord, 'id' | 'hint' | 'workspaceId'>;

export type RecordMatch<R> =
  | { readonly record: R; readonly why?: undefined }
  | { readonly record?: undefined; readonly why: string };

/** The one record of its workspace whose hint fits the key at both ends. Anything less certain is no match, with the reason in words. */
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
  return alike.length > 1
    ? { why: `${alike.length} records of this workspace have a hint that fits the key.` }
    : { record };
}
