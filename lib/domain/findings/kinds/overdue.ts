import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { LiveState } from '../../secret';
import { utcDay } from '../../time';
import * as actions from '../../wording/actions';
import { ageEvidence, whyNotWorking, works } from '../../wording/phrases';
import { rotate } from '../../wording/steps';
import { count, hintText, moment } from '../../wording/text';
import { defineKind, type NoticeContext, type Step } from '../finding';
import { PATIENT } from '../repeat';

/** The live key is older than its policy allows. */
export interface Overdue {
  readonly current: KeyRef;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly daysOver: number;
  readonly live: LiveState;
}

const snooze = (context: NoticeContext): Step => [
  'If it really cannot be done now, pause the reminders for two weeks. It asks why; every report then shows it:',
  actions.snooze(context),
];

export const overdue = defineKind({
  kind: 'overdue',
  severity: 'critical',
  repeat: PATIENT,
  event: 'Key Overdue',
  alarms: [
    {
      name: 'key-overdue',
      section: 'overdue-key',
      metric: METRIC.keyOverdue,
      says: 'A key is older than its policy allows.',
    },
  ],
  need: { word: 'overdue', next: 'rotate now', verb: 'submit' },
  listed: ({ phase }) => phase === 'overdue',
  mail: (
    { current, createdAt, dueAt, daysOver, live }: Overdue,
    context: NoticeContext,
    repeats: string,
  ) => ({
    headline: `Overdue since ${utcDay(dueAt)}: rotate now (${daysOver < 1 ? 'today' : `${count(daysOver, 'day')} over`})`,
    facts: [
      `The Anthropic API key ${hintText(current.hint)} is older than the ${count(context.policy.maxAgeDays, 'day')} that its policy allows. It should have been replaced by ${moment(dueAt, context.now)}.`,
      ...whyNotWorking(live, context.now),
    ],
    keys: [['Key', current]],
    steps: [...rotate(context), snooze(context)],
    consequence: [
      `${works(live) ? 'The key keeps working: an' : 'An'} overdue key is never switched off automatically. It remains an alarm and an audit finding. This mail repeats ${repeats}.`,
    ],
    evidence: [ageEvidence(createdAt, context.now)],
  }),
});
