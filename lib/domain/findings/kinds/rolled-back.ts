import type { Content, KeyRef } from '../../key';
import { runbook } from '../../wording/commands';
import type { EditCause } from '../../wording/phrases';
import { badEdit, contentInShort, nameContent } from '../../wording/phrases';
import type { NoticeContext, Step } from '../../wording/sheet';
import { whatWasPasted } from '../../wording/steps';
import { hintText } from '../../wording/text';
import { defineKind } from '../finding';

/** A bad direct edit was undone, or a human went back to an earlier key (`by-hand`). */
export interface RolledBack {
  readonly restored: KeyRef;
  readonly removed: Content;
  readonly cause: EditCause;
}

const useSubmit: Step = [
  'From now on hand keys in by "submit": then they are tested before a service gets them. See who wrote to the secret in CloudTrail (PutSecretValue, UpdateSecret).',
];

export const rolledBack = defineKind({
  kind: 'rolled-back',
  severity: 'critical',
  snooze: false,
  event: 'Key Rolled Back',
  history: ({ restored }) => ({ step: 'rolled-back', fingerprint: restored.fingerprint }),
  published: ({ restored, removed, cause }) => ({ restored, removed: contentInShort(removed), cause }),
  mail: ({ restored, removed, cause }: RolledBack, context: NoticeContext) =>
    cause === 'by-hand'
      ? {
          headline: 'Rolled back by a person',
          facts: [
            `A person made the earlier API key ${hintText(restored.hint)} the live one again, in place of ${nameContent(removed)}.`,
          ],
          keys: [['Live key', restored]],
          steps: [
            ['Let services that hold the other key read the secret anew.'],
            [
              'Plan the next rotation: the key that is live now is the older one, and its age goes on counting.',
            ],
          ],
          consequence: [
            'Where the key that was left still works, it does so until the end of its grace, and is then to be switched off.',
          ],
          evidence: [
            'The label AWSCURRENT was moved to an earlier version of the secret, and its key works.',
          ],
        }
      : {
          headline: `Bad edit undone${context.policy.autoRollback ? '' : ' by a person'}: the earlier key is live again`,
          facts: [
            `${badEdit(removed, cause, false)} ${context.policy.autoRollback ? `So the last good key ${hintText(restored.hint)} was made live again.` : `A person made the last good key ${hintText(restored.hint)} live again.`}`,
          ],
          keys: [['Live key', restored]],
          steps: [
            whatWasPasted(cause),
            useSubmit,
            ['Restart services that read the secret in between.', runbook('edit')],
          ],
          consequence: [
            'The service goes on with the earlier key. The deadline of that key has not changed.',
          ],
          evidence: [
            context.policy.autoRollback
              ? 'The edited version was judged, and the earlier key answered a probe as alive, in the same run.'
              : 'The edited version was judged. The label AWSCURRENT was moved back by a person: the policy of this key leaves that to people (autoRollback: false).',
          ],
        },
});
