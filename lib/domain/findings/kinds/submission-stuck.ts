import type { KeyRef } from '../../key';
import type { LiveState } from '../../secret';
import { utcDay } from '../../time';
import { keys, runbook } from '../../wording/commands';
import { hasNone, withoutTheNewKey } from '../../wording/phrases';
import type { NoticeContext } from '../../wording/sheet';
import { checkNow } from '../../wording/steps';
import { hintText, moment } from '../../wording/text';
import { defineKind, WHEN_TOLD } from '../finding';
import { PATIENT } from '../repeat';

/** A submission waits for longer than a day. */
export interface SubmissionStuck {
  readonly submitted: KeyRef;
  readonly since: Date;
  readonly live: LiveState;
}

export const submissionStuck = defineKind({
  kind: 'submission-stuck',
  severity: 'warning',
  repeat: PATIENT,
  event: 'Key Submission Stuck',
  need: { word: 'submission waits', next: 'see what holds it up', verb: 'doctor' },
  page: 'submission waits',
  listed: WHEN_TOLD,
  mail: ({ submitted, since, live }: SubmissionStuck, context: NoticeContext) => ({
    headline: `Submitted key waits since ${utcDay(since)}`,
    facts: [
      `The new key ${hintText(submitted.hint)} was handed in at ${moment(since, context.now)} and is still not live. It could neither be accepted nor refused: it was not tested to an answer, or no rotation began.`,
    ],
    keys: [['New key', submitted]],
    steps: [
      [
        'See what holds it up: billing, a rate limit, or the way from the functions to Anthropic.',
        { run: keys('doctor', context.key) },
      ],
      ['When that is settled, nothing more: each check tries again. To try at once:', ...checkNow(context)],
      [
        'If the key is no longer wanted, hand in another in its place:',
        { run: keys('submit', context.key, '--replace') },
        runbook('network'),
      ],
    ],
    consequence: [
      `${withoutTheNewKey(live)}${hasNone(live) ? '' : ' Two keys stay alive for longer than they need to.'}`,
    ],
    evidence: [
      'The version is still labelled SUBMITTED, and no rotation since then, if one began, came to a verdict.',
    ],
  }),
});
