import { gunzipSync, gzipSync } from 'node:zlib';
import type { AdminAnswer } from '../workflows/ports';

/** Bytes that an answer of Lambda's may have, which are 6 MB, less room for what is around it. */
const MOST_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** Bytes that a received answer may have when it is unpacked. */
const MOST_UNPACKED = 128 * 1024 * 1024;

/** An answer as it travels: packed where it may be too long for Lambda as it is. */
export type SentAnswer =
  | Exclude<AdminAnswer, { readonly outcome: 'organization' }>
  | { readonly outcome: 'organization'; readonly packed: string };

/** Packs the listing of an organization. One that does not fit even so is refused in words. */
export function packed(answer: AdminAnswer): SentAnswer {
  if (answer.outcome !== 'organization') return answer;
  const text = gzipSync(JSON.stringify(answer.listing)).toString('base64');
  if (text.length <= MOST_BYTES) return { outcome: 'organization', packed: text };
  const { records } = answer.listing;
  return {
    outcome: 'refused',
    guard: 'answer-too-long',
    why: `the listing of the organization's ${records.length} keys takes ${text.length} bytes, and an answer of AWS Lambda holds ${MOST_BYTES}`,
  };
}

/** The listing in a received answer, still without dates. Any other answer stays as it is. */
export function unpacked(received: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { outcome, packed } = received;
  if (outcome !== 'organization' || typeof packed !== 'string') return received;
  const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_UNPACKED });
  return { outcome, listing: JSON.parse(text.toString('utf8')) };
}
