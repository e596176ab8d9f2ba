import type { Content, KeyRef } from '../../key';
import { runbook } from '../../wording/commands';
import type { EditCause } from '../../wording/phrases';
import { badEdit, contentInShort, nameContent } from '../../wording/phrases';
import { revokePaste } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind, type NoticeContext, type Step } from '../finding';

/** A bad direct edit was undone, or a person went back to an earlier key (`by-hand`). */
export interface RolledBack {
  readonly restored: KeyRef;
  readonly removed: Content;
  readonly cause: EditCause;
}

const useSubmit: Step = [
  'From now on, use "submit", which tests a key before a service gets it. CloudTrail shows who wrote to the secret (PutSecretValue, UpdateSecret).',
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
    note: cause === 'by-hand' ? 'by a person' : 'a bad direct edit was undone',
  }),
  published: ({ restored, removed, cause }) => ({ restored, removed: contentInShort(removed), cause }),
  mail: ({ restored, removed, cause }: RolledBack, context: NoticeContext) =>
    cause === 'by-hand'
      ? {
          headline: 'Rolled back by a person',
          facts: [
            `A person made the earlier API key ${hintText(restored.hint)} live again, in place of ${nameContent(removed)}.`,
          ],
          keys: [['Live key', restored]],
          steps: [
            ['Have services that hold the other key read the secret again.'],
            ['Plan the next rotation: the older key is live again, and its age keeps counting.'],
          ],
          consequence: [
            'If the replaced key still works, it does so until its grace period ends, and must then be switched off.',
          ],
          evidence: [
            'The label AWSCURRENT was moved to an earlier version of the secret, and its key works.',
          ],
        }
      : {
          headline: `Bad edit undone${context.policy.autoRollback ? '' : ' by a person'}: the earlier key is live again`,
          facts: [
            `${badEdit(removed, cause, false)} ${context.policy.autoRollback ? `So the last good key ${hintText(restored.hint)} was made live again automatically.` : `A person made the last good key ${hintText(restored.hint)} live again.`}`,
          ],
          keys: [['Live key', restored]],
          steps: [
            revokePaste(cause, removed, restored, context),
            useSubmit,
            ['Restart services that read the secret in the meantime.', runbook('edit')],
          ],
          consequence: ["The service continues with the earlier key. That key's deadline has not changed."],
          evidence: [
            context.policy.autoRollback
              ? 'In the same run, the edited version was judged and the earlier key answered a probe as alive.'
              : "The edited version was judged. A person moved the label AWSCURRENT back, because this key's policy leaves that to people (autoRollback: false).",
          ],
        },
});
