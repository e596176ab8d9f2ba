import { METRIC } from '../../metrics';
import * as actions from '../../wording/actions';
import { plain } from '../../wording/text';
import { defineKind, type NoticeContext } from '../finding';
import { URGENT } from '../repeat';

/** A check is overdue. The fleet report raises it. */
export interface Unwatched {
  readonly lastChecked?: string;
  readonly reason: string;
}

export const unwatched = defineKind({
  kind: 'unwatched',
  severity: 'critical',
  repeat: URGENT,
  snooze: false,
  event: 'Key Unwatched',
  establishedBy: 'report',
  ends: { says: 'the key is checked again' },
  alarms: [
    {
      name: 'keys-unwatched',
      section: 'unwatched-key',
      metric: METRIC.keyUnwatched,
      says: 'A managed key was not checked for 26 hours.',
    },
  ],
  need: { word: 'unwatched', next: 'find out why it is not checked', verb: 'doctor' },
  page: 'not checked',
  // Of a key that no check has ever seen nobody knows more, however fresh it is.
  listed: ({ unwatchedSince, phase }) => unwatchedSince !== undefined || phase === 'unknown',
  mail: ({ lastChecked, reason }: Unwatched, context: NoticeContext) => ({
    headline: `Not checked since ${lastChecked ? plain(lastChecked, 25) : 'it was deployed'}`,
    facts: [
      `No check of this key has finished ${lastChecked ? `after ${plain(lastChecked, 25)} (UTC)` : 'since it was deployed'}, and one is overdue. Nobody knows whether the key works.`,
    ],
    keys: [],
    steps: [
      ['Check it now. If that fails, the error says why:', actions.check(context)],
      [
        'If it works, find out what stopped the schedule: it was disabled, deleted, or lost its permission. In your repository, `doctor` says which.',
        actions.doctor(context),
      ],
    ],
    more: 'unwatched',
    consequence: ['A dead, leaked or forgotten key goes unnoticed, and no deadline is announced.'],
    evidence: [`The daily report compared the day of the last check with the clock: ${plain(reason, 160)}.`],
  }),
});
