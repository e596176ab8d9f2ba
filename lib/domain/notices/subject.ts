import { type KeyIdentity, keyName } from '../policy';
import { plain } from './plain-text';

/** SNS refuses a subject that is longer, and the notice would be lost. */
const LONGEST = 100;

/** The least that is left of a long headline, so that the name can never push the deadline out. */
const HEADLINE = 70;

/** `[prod/api-gateway] Rotate by 2026-12-05 (14 days left)`: one line of ASCII, at most 100 characters. */
export function subjectFor(key: KeyIdentity, headline: string): string {
  const said = plain(headline, HEADLINE);
  return `[${plain(keyName(key), LONGEST - 3 - said.length)}] ${said}`;
}
