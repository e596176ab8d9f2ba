import type { KeyRef } from '../../key';
import { hintText, moment } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';

/** A direct edit wrote the accepted key again: its age keeps counting. */
export interface SameKeyAgain {
  readonly current: KeyRef;
  readonly createdAt: Date;
}

export const sameKeyAgain = defineKind({
  kind: 'same-key-again',
  about: 'version',
  severity: 'info',
  event: 'Key Put Again',
  history: ({ current }) => ({
    step: 'direct-edit',
    fingerprint: current.fingerprint,
    note: 'the same key again',
  }),
  mail: ({ current, createdAt }: SameKeyAgain, { now }: NoticeContext) => ({
    headline: 'Same key written again: its age keeps counting',
    facts: [
      `Somebody wrote the API key ${hintText(current.hint)} into the secret again. It was the live key already, so nothing was rotated.`,
    ],
    keys: [['Key', current]],
    steps: [['Nothing, if that was on purpose. If you meant to rotate, create a new key and submit it.']],
    consequence: [
      `The key stays live. Its age still counts from ${moment(createdAt, now)}, so its deadline has not changed.`,
    ],
    evidence: ['Both versions of the secret hold the same key (same SHA-256 fingerprint).'],
  }),
});
