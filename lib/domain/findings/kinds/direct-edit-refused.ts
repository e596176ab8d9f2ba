import { runbook } from '../../wording/commands';
import { badEdit } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { makeCurrent, putInAnotherKey, whatWasPasted } from '../../wording/steps';
import type { FindingDetails } from '../finding';

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
