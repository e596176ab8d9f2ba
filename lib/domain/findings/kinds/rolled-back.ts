import type { Content, KeyRef } from '../../key';
import { restartConsumers, withoutRestart } from '../../wording/consumers';
import type { EditCause } from '../../wording/phrases';
import { badValue, contentInShort, nameContent } from '../../wording/phrases';
import { replaceSubmission, revokePaste } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, type Step } from '../finding';

/** A bad value was taken back, or a person went back to an earlier key (`by-hand`). */
export interface RolledBack {
  readonly restored: KeyRef;
  readonly removed: Content;
  readonly cause: EditCause;
  /** The removed key came by a submission; absent where that is not known, as after a way back by a person. */
  readonly submitted?: boolean;
  /**
   * When a person's way back was accepted, shortly after it, rounded up to the second: the same in every repetition. Absent where a check went back, or
   * memory was deleted since.
   */
  readonly changedAt?: Date;
}

const useSubmit: Step = [
  'From now on, submit keys with the block of a reminder mail: it has a key tested before a service gets it. CloudTrail shows who wrote to the secret (PutSecretValue, UpdateSecret).',
];

const goneBad: Step = [
  'Find out why the submitted key went bad after its test: the key page of the Claude Console shows who disabled it. If nobody did, treat it as leaked.',
];

export const rolledBack = defineKind({
  kind: 'rolled-back',
  about: 'version',
  severity: 'critical',
  snooze: false,
  event: 'Key Rolled Back',
  history: ({ restored, cause }) => ({
    step: 'rolled-back',
    fingerprint: restored.fingerprint,
    note: cause === 'by-hand' ? 'by a person' : 'a bad value was taken back',
  }),
  published: ({ removed, ...details }) => ({ ...details, removed: contentInShort(removed) }),
  mail: ({ restored, removed, cause, submitted }: RolledBack, context: NoticeContext) =>
    cause === 'by-hand'
      ? {
          headline: 'Rolled back by a person',
          facts: [
            `A person made the earlier API key ${hintText(restored.hint)} live again, in place of ${nameContent(removed)}.`,
          ],
          keys: [['Live key', restored]],
          steps: [
            restartConsumers(context, 'Restart what was started with the other key and keeps it', {
              otherwise: 'Have services that hold the other key read the secret again.',
            }),
            ['Plan the next rotation: the older key is live again, and its age keeps counting.'],
          ],
          consequence: [
            ...withoutRestart(context),
            'If the replaced key still works, it does so until its grace period ends, and must then be switched off.',
          ],
          evidence: [
            'The label AWSCURRENT was moved to an earlier version of the secret, and its key works.',
          ],
        }
      : {
          headline: submitted
            ? 'Submitted key went bad: the earlier key is live again'
            : `Bad edit undone${context.policy.autoRollback ? '' : ' by a person'}: the earlier key is live again`,
          facts: [
            `${badValue(removed, cause, false, submitted)} ${context.policy.autoRollback ? `So the last good key ${hintText(restored.hint)} was made live again automatically.` : `A person made the last good key ${hintText(restored.hint)} live again.`}`,
          ],
          keys: [['Live key', restored]],
          steps: [
            submitted && cause === 'dead' ? goneBad : revokePaste(cause, removed, restored, context),
            ...(submitted ? replaceSubmission(context, 'Then create') : [useSubmit]),
            restartConsumers(context, 'Restart what read the secret in the meantime and keeps what it read', {
              otherwise: 'Restart services that read the secret in the meantime.',
            }),
          ],
          more: 'edit',
          consequence: [
            ...withoutRestart(context),
            "The service continues with the earlier key. That key's deadline has not changed.",
          ],
          evidence: [
            context.policy.autoRollback
              ? 'In the same run, the version that was live was judged and the earlier key answered a probe as alive.'
              : "The version that was live was judged. A person moved the label AWSCURRENT back, because this key's policy leaves that to people (autoRollback: false).",
          ],
        },
});
