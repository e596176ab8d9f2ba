import { utcDay } from '../domain/time';
import { CREATED_AT_TAG } from './policy-tags';

/** When an adopted key was created, as a human stated it. Bound to the key: it says nothing of the next one. */
export interface StatedCreation {
  readonly fingerprint: string;
  readonly createdAt: Date;
}

/** The tag that `adopt` writes. */
export const statedCreationToTags = ({ fingerprint, createdAt }: StatedCreation) => ({
  [CREATED_AT_TAG]: `${fingerprint}/${utcDay(createdAt)}`,
});

/** Reads it back; undefined where nothing was stated or it can't be read. */
export function statedCreationFromTags(tags: Readonly<Record<string, string>>): StatedCreation | undefined {
  const match = /^([0-9a-f]{12})\/(\d{4}-\d\d-\d\d)$/.exec(tags[CREATED_AT_TAG] ?? '');
  return match ? { fingerprint: match[1]!, createdAt: new Date(`${match[2]}T00:00:00Z`) } : undefined;
}
