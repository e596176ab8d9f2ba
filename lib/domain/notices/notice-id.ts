import { createHash } from 'node:crypto';

/** Crockford's base 32: no letter that is read as a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id of a notice, e.g. `AKR-7F3K-2Q9D`: the same finding and rung of the same secret always has the same. */
export function noticeId(secretArn: string, findingId: string, rung: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([secretArn, findingId, rung]))
    .digest();
  const letters = [...digest.subarray(0, 8)].map((byte) => ALPHABET[byte % 32]).join('');
  return `AKR-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
