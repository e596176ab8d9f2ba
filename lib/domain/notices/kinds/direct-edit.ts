import { nameContent } from '../content';
import { hintText } from '../plain-text';
import { putInAnotherKey } from '../put-in-a-key';
import { runbook } from '../runbook';
import type { Step, Write } from '../sheet';
import { makeCurrent } from '../switch-off';
import { moment } from '../times';

type Cause = 'dead' | 'elsewhere' | 'malformed' | 'by-hand';

const BECAUSE: Readonly<Record<Exclude<Cause, 'by-hand'>, string>> = {
  dead: 'Anthropic refuses it (dead)',
  elsewhere: 'it belongs to another workspace or organization',
  malformed: 'it is no well-formed key',
};

const useSubmit: Step = [
  'From now on hand keys in by "submit": then they are tested before a service gets them. See who wrote to the secret in CloudTrail (PutSecretValue, UpdateSecret).',
];

const HISTORY =
  'What was pasted stays readable in the version history of the secret, to everybody who may read the secret. If it was a key or another secret, revoke it where it came from.';

export const sameKeyAgain: Write<'same-key-again'> = ({ current, createdAt }, { now }) => ({
  headline: 'Same key put in again: its age goes on',
  truth: [
    `Somebody wrote the API key ${hintText(current.hint)} into the secret again. It is the key that was live before, so nothing was rotated.`,
  ],
  keys: [['Key', current]],
  steps: [['Nothing, if that was on purpose. If a new key was meant, create one and hand it in.']],
  otherwise: [
    `The key goes on working. Its age goes on counting from ${moment(createdAt, now)}, and so does its deadline.`,
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
          `The key that was left keeps working for ${context.policy.graceHours} hours and is then to be switched off.`,
        ],
        evidence: ['The label AWSCURRENT was moved to an earlier version of the secret, and its key works.'],
      }
    : {
        headline: 'Bad edit undone: the earlier key is live again',
        truth: [
          `Somebody wrote ${nameContent(removed)} straight into the secret. It cannot be used: ${BECAUSE[cause]}. So the last good key ${hintText(restored.hint)} was made live again.`,
        ],
        keys: [['Live key', restored]],
        steps: [[HISTORY], useSubmit, ['Restart services that read the secret in between.', runbook('edit')]],
        otherwise: ['The service goes on with the earlier key. The deadline of that key has not changed.'],
        evidence: [
          'The edited version was judged, and the earlier key answered a probe as alive, in the same run.',
        ],
      };

export const directEditRefused: Write<'direct-edit-refused'> = (
  { current, accepted, cause, version },
  context,
) => ({
  headline: 'Bad key was written into the secret and is live',
  truth: [
    `Somebody wrote ${nameContent(current)} straight into the secret. It cannot be used: ${BECAUSE[cause]}. It was not undone, because the key before it does not work or the policy forbids it (autoRollback).`,
  ],
  keys: accepted ? [['Last key', accepted]] : [],
  steps: [
    ...(accepted && version
      ? [makeCurrent(context, 'If the last key still works, go back to it now:', accepted, version)]
      : []),
    ...putInAnotherKey(context, accepted ? 'Otherwise create' : 'Create'),
    [HISTORY, runbook('edit')],
  ],
  otherwise: ['Calls of the service fail, or are made as somebody else, until a good key is live.'],
  evidence: ['The live version is not the one that was tested and accepted last, and it was judged anew.'],
});
