import type { Fault } from '../../fault';
import type { Content, KeyRef } from '../../key';
import type { VerdictKind } from '../../probe/verdict';
import { badValue, contentInShort } from '../../wording/phrases';
import { makeCurrent, putInAnotherKey, revokePaste } from '../../wording/steps';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { URGENT } from '../repeat';
import { UNUSABLE_ALARM } from './not-a-key';

/** A bad value that stands over an accepted key, because it could not be undone or `autoRollback` is off. */
export interface DirectEditRefused {
  readonly current: Content;
  readonly accepted?: KeyRef;
  /** The accepted key's state; absent where it was not probed. */
  readonly acceptedIs?: VerdictKind | 'LEAKED';
  readonly cause: Fault;
  /** It came by a submission, and was not written by hand. */
  readonly submitted?: boolean;
  /** The live version, so that the notice can name the way back. */
  readonly version?: string;
}

/** Why it stands although the policy would take it back. */
function wayBack(acceptedIs: DirectEditRefused['acceptedIs']): string {
  if (acceptedIs === 'LEAKED') return 'the key before it was reported as leaked';
  if (acceptedIs === 'DEAD') return 'the key before it is dead too';
  if (acceptedIs === 'BLOCKED') return 'the key before it is blocked at Anthropic';
  return 'nothing shows that the key before it is a good one';
}

const mayGoBack = (acceptedIs: DirectEditRefused['acceptedIs']) =>
  acceptedIs !== 'DEAD' && acceptedIs !== 'LEAKED';

export const directEditRefused = defineKind({
  kind: 'direct-edit-refused',
  about: 'version',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Edit Refused',
  establishedBy: 'live-answer',
  alarms: [UNUSABLE_ALARM],
  need: { word: 'bad edit', next: 'put in a good key', verb: 'submit' },
  page: 'bad direct edit',
  listed: WHEN_REPORTED,
  history: () => ({ step: 'direct-edit', note: 'refused' }),
  published: ({ current, ...details }) => ({ current: contentInShort(current), ...details }),
  mail: (
    { current, accepted, acceptedIs, cause, submitted, version }: DirectEditRefused,
    context: NoticeContext,
  ) => ({
    headline: submitted
      ? 'Submitted key went bad and is live'
      : 'Bad key was written into the secret and is live',
    facts: [
      `${badValue(current, cause, true, submitted)} It was not undone, because ${context.policy.autoRollback ? wayBack(acceptedIs) : "this key's policy leaves that to people (autoRollback: false)"}.`,
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
      ...putInAnotherKey(
        context,
        accepted && mayGoBack(acceptedIs) ? 'If that is not possible, create' : 'Create',
      ),
      revokePaste(cause, current, accepted, context),
    ],
    more: 'edit',
    consequence: ['Until a good key is live, calls from the service fail or are made as somebody else.'],
    evidence: ['The live version is not the one that was last accepted, so it was judged again.'],
  }),
});
