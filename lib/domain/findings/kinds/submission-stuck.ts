import type { KeyRef } from '../../key';
import type { LiveState } from '../../secret';
import { utcDay } from '../../time';
import * as actions from '../../wording/actions';
import { hasNoUsableKey, serviceUntilThen } from '../../wording/phrases';
import { UNFINISHED } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import { defineKind, type NoticeContext, WHEN_REPORTED } from '../finding';
import { PATIENT } from '../repeat';

/** A submission has been waiting for more than a day. */
export interface SubmissionStuck {
  readonly submitted: KeyRef;
  readonly since: Date;
  readonly live: LiveState;
}

export const submissionStuck = defineKind({
  kind: 'submission-stuck',
  about: 'version',
  severity: 'warning',
  repeat: PATIENT,
  event: 'Key Submission Stuck',
  establishedBy: 'submission',
  need: { word: 'submission waits', next: 'see what holds it up', verb: 'doctor' },
  page: 'submission waits',
  listed: WHEN_REPORTED,
  mail: ({ submitted, since, live }: SubmissionStuck, context: NoticeContext) => ({
    headline: `Submitted key has been waiting since ${utcDay(since)}`,
    facts: [
      `The new key ${hintText(submitted.hint)} was submitted at ${moment(since, context.now)} and is still not live. It could be neither accepted nor refused: its test got no clear answer, or no rotation started.`,
    ],
    keys: [['New key', submitted]],
    steps: [
      [
        'Find out what holds it up: billing, a rate limit, or the network path from the functions to Anthropic. A check says what the live key is told:',
        actions.check(context),
        actions.doctor(context),
      ],
      ['Once that is fixed, nothing else is needed: each check tries again. To try at once, check again.'],
      [
        'If the key is no longer wanted, submit another in its place:',
        actions.submit(context, 'replace'),
        UNFINISHED,
      ],
    ],
    more: 'network',
    consequence: [
      `${serviceUntilThen(context, live)}${hasNoUsableKey(live) ? '' : ' Two keys stay alive for longer than necessary.'}`,
    ],
    evidence: ['The version is still labelled SUBMITTED, and no rotation since then has reached a verdict.'],
  }),
});
