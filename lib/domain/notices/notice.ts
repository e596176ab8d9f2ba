import { createHash } from 'node:crypto';
import type { FindingKind } from '../findings/catalogue';
import type { Severity } from '../findings/finding';
import type { KeyIdentity } from '../policy';

/** Version of the JSON that machines receive. Any change of meaning or shape needs a new one. */
export const NOTICE_SCHEMA = 'anthropic-key-rotation/notice/1';

/** What all forms of a notice say. */
interface NoticeHead {
  /** `show` lists it, so that a reader can verify a mail. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** ASCII, one line, at most 100 characters: SNS refuses anything else. */
  readonly subject: string;
}

/** One message to people about a key. */
export interface Notice extends NoticeHead {
  /** Plain text for 80 columns. */
  readonly text: string;
  /** For chat. */
  readonly brief: NoticeBrief;
  /** For machines: queues, functions, HTTPS, EventBridge. */
  readonly data: NoticeData;
}

/** What a reader in a chat needs before opening the mail: no commands. */
export interface NoticeBrief {
  readonly fact: string;
  readonly steps: readonly string[];
}

/** What machines receive. */
export interface NoticeData extends NoticeHead, Omit<KeyIdentity, 'secretName' | 'consumers'> {
  /** Its number changes with the meaning of a field. */
  readonly schema: typeof NOTICE_SCHEMA;
  /** When the notice was written. A repetition has a later one under the same id. */
  readonly at: string;
  /** The finding's details, dates as ISO 8601. */
  readonly details: unknown;
}

/** Crockford's base 32 has no letter that looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of a notice, e.g. `AKR-7F3K-2Q9D`: always the same for the same secret, finding and reminder. */
export function noticeId(secretArn: string, findingId: string, reminder: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([secretArn, findingId, reminder]))
    .digest();
  const letters = [...digest.subarray(0, 8)].map((byte) => ALPHABET[byte % 32]).join('');
  return `AKR-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
