import { runbook } from '../../wording/commands';
import { nameContent, nameKind } from '../../wording/phrases';
import type { Step, Write } from '../../wording/sheet';
import { keyFromElsewhere, makeCurrent, putInAnotherKey, READABLE } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import type { FindingDetails } from '../finding';

type Cause = 'dead' | 'elsewhere' | 'malformed' | 'by-hand';

const BECAUSE: Readonly<Record<Exclude<Cause, 'by-hand' | 'malformed'>, string>> = {
  dead: 'Anthropic refuses it (dead)',
  elsewhere: 'it belongs to another workspace or organization',
};

/** What somebody did, and why it is bad. `now` says whether it still stands. */
const badEdit = (what: string, cause: Exclude<Cause, 'by-hand'>, now: boolean) =>
  cause === 'malformed'
    ? `Somebody edited the secret by hand. What ${now ? 'is live now' : 'they wrote'} is no usable key. ${nameKind(what)}`
    : `Somebody wrote ${nameContent(what)} straight into the secret. It cannot be used: ${BECAUSE[cause]}.`;

const useSubmit: Step = [
  'From now on hand keys in by "submit": then they are tested before a service gets them. See who wrote to the secret in CloudTrail (PutSecretValue, UpdateSecret).',
];

const whatWasPasted = (cause: Cause): Step =>
  cause === 'elsewhere'
    ? keyFromElsewhere
    : [`What was pasted ${READABLE}. If it was a key or another secret, revoke it where it came from.`];

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

export const rolledBack: Write<'rolled-back'> = ({ restored, removed, cause }, context) =>
  cause === 'by-hand'
    ? {
        headline: 'Rolled back by a person',
        truth: [
          `A person made the earlier API key ${hintText(restored.hint)} the live one again, in place of ${nameContent(removed)}.`,
        ],
        keys: [['Live key', restored]],
        steps: [
          ['Let services that hold the other key read the secret anew.'],
          [
            'Plan the next rotation: the key that is live now is the older one, and its age goes on counting.',
          ],
        ],
        otherwise: [
          'Where the key that was left still works, it does so until the end of its grace, and is then to be switched off.',
        ],
        evidence: ['The label AWSCURRENT was moved to an earlier version of the secret, and its key works.'],
      }
    : {
        headline: `Bad edit undone${context.policy.autoRollback ? '' : ' by a person'}: the earlier key is live again`,
        truth: [
          `${badEdit(removed, cause, false)} ${context.policy.autoRollback ? `So the last good key ${hintText(restored.hint)} was made live again.` : `A person made the last good key ${hintText(restored.hint)} live again.`}`,
        ],
        keys: [['Live key', restored]],
        steps: [
          whatWasPasted(cause),
          useSubmit,
          ['Restart services that read the secret in between.', runbook('edit')],
        ],
        otherwise: ['The service goes on with the earlier key. The deadline of that key has not changed.'],
        evidence: [
          context.policy.autoRollback
            ? 'The edited version was judged, and the earlier key answered a probe as alive, in the same run.'
            : 'The edited version was judged. The label AWSCURRENT was moved back by a person: the policy of this key leaves that to people (autoRollback: false).',
        ],
      };

/** Why a bad edit stands although the policy would have it undone. */
function wayBack(acceptedIs: FindingDetails['direct-edit-refused']['acceptedIs']): string {
  if (acceptedIs === 'LEAKED') return 'the key before it was reported as leaked';
  if (acceptedIs === 'DEAD') return 'the key before it is dead too';
  if (acceptedIs === 'BLOCKED') return 'the key before it is blocked at Anthropic';
  return 'nothing shows that the key before it is a good one';
}

const mayGoBack = (acceptedIs: FindingDetails['direct-edit-refused']['acceptedIs']) =>
  acceptedIs !== 'DEAD' && acceptedIs !== 'LEAKED';

export const directEditRefused: Write<'direct-edit-refused'> = (
  { current, accepted, acceptedIs, cause, version },
  context,
) => ({
  headline: 'Bad key was written into the secret and is live',
  truth: [
    `${badEdit(current, cause, true)} It was not undone, because ${context.policy.autoRollback ? wayBack(acceptedIs) : 'the policy of this key leaves that to people (autoRollback: false)'}.`,
  ],
  keys: accepted ? [['Last key', accepted]] : [],
  steps: [
    ...(accepted && version && mayGoBack(acceptedIs)
      ? [
          makeCurrent(
            context,
            acceptedIs === 'ALIVE'
              ? 'Go back to the last key now; it works:'
              : 'If the last key still works, go back to it now:',
            accepted,
            version,
          ),
        ]
      : []),
    ...putInAnotherKey(context, accepted && mayGoBack(acceptedIs) ? 'Otherwise create' : 'Create'),
    [...whatWasPasted(cause), runbook('edit')],
  ],
  otherwise: ['Calls of the service fail, or are made as somebody else, until a good key is live.'],
  evidence: ['The live version is not the one that was tested and accepted last, and it was judged anew.'],
});
