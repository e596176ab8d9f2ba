import type { KeyRef } from '../../key';
import type { NoticeContext } from '../../wording/sheet';
import { hintText, moment } from '../../wording/text';
import { defineKind } from '../finding';

/** A direct edit put the accepted key in again: its age goes on. */
export interface SameKeyAgain {
  readonly current: KeyRef;
  readonly createdAt: Date;
}

export const sameKeyAgain = defineKind({
  kind: 'same-key-again',
  severity: 'info',
  event: 'Key Put Again',
  history: ({ current }) => ({
    step: 'direct-edit',
    fingerprint: current.fingerprint,
    note: 'the same key again',
  }),
  mail: ({ current, createdAt }: SameKeyAgain, { now }: NoticeContext) => ({
    headline: 'Same key put in again: its age goes on',
    facts: [
      `Somebody wrote the API key ${hintText(current.hint)} into the secret again. It is the key that was live before, so nothing was rotated.`,
    ],
    keys: [['Key', current]],
    steps: [['Nothing, if that was on purpose. If a new key was meant, create one and hand it in.']],
    consequence: [
      `The key stays live. Its age goes on counting from ${moment(createdAt, now)}, and so does its deadline.`,
    ],
    evidence: ['Both versions of the secret hold the same key (same SHA-256 fingerprint).'],
  }),
});
