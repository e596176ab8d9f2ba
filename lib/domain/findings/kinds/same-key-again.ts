import type { Write } from '../../wording/sheet';
import { hintText, moment } from '../../wording/text';

export const sameKeyAgain: Write<'same-key-again'> = ({ current, createdAt }, { now }) => ({
  headline: 'Same key put in again: its age goes on',
  truth: [
    `Somebody wrote the API key ${hintText(current.hint)} into the secret again. It is the key that was live before, so nothing was rotated.`,
  ],
  keys: [['Key', current]],
  steps: [['Nothing, if that was on purpose. If a new key was meant, create one and hand it in.']],
  otherwise: [
    `The key stays live. Its age goes on counting from ${moment(createdAt, now)}, and so does its deadline.`,
  ],
  evidence: ['Both versions of the secret hold the same key (same SHA-256 fingerprint).'],
});
