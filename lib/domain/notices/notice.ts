import { createHash } from 'node:crypto';
import type { FindingKind } from '../findings/catalogue';
import type { Severity } from '../findings/finding';

/** Version of the JSON that machines receive. A change of meaning or shape makes a new one. */
export const NOTICE_SCHEMA = 'anthropic-key-rotation/notice/1';

/** One message to humans about a key, in the three forms its readers need. */
export interface Notice {
  /** Same finding and reminder of the same secret, same id: `show` lists it, so that a reader can check a mail. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** ASCII, one line, at most 100 characters: SNS refuses anything else. */
  readonly subject: string;
  /** Plain text for 80 columns. */
  readonly text: string;
  /** The message in a few sentences, for chat. */
  readonly brief: NoticeBrief;
  /** For machines: queues, functions, HTTPS, EventBridge. */
  readonly data: NoticeData;
}

/** What a reader in a chat needs to know before opening the mail: no commands. */
export interface NoticeBrief {
  readonly fact: string;
  readonly steps: readonly string[];
}

/** What machines receive. */
export interface NoticeData {
  readonly schema: typeof NOTICE_SCHEMA;
  readonly id: string;
  readonly at: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly environment: string;
  readonly service: string;
  readonly owner: string;
  readonly secretArn: string;
  readonly subject: string;
  /** The finding's details, dates as ISO 8601. */
  readonly details: unknown;
}

/** Crockford's base 32: no letter that is read as a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of a notice, e.g. `AKR-7F3K-2Q9D`: the same finding and reminder of the same secret always has the same. */
export function noticeId(secretArn: string, findingId: string, reminder: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([secretArn, findingId, reminder]))
    .digest();
  const letters = [...digest.subarray(0, 8)].map((byte) => ALPHABET[byte % 32]).join('');
  return `AKR-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
