import { utcDay } from '../../time';
import { keys } from '../../wording/commands';
import { ageEvidence, insteadOfWorking, works } from '../../wording/phrases';
import type { NoticeContext, Step, Write } from '../../wording/sheet';
import { rotate } from '../../wording/steps';
import { count, hintText, moment } from '../../wording/text';

const snooze = ({ key }: NoticeContext): Step => [
  'If it really cannot be done in time, say until when and why; every report then shows it:',
  { run: keys('snooze', key, '--until', 'YYYY-MM-DD', '--reason', 'WHY') },
];

export const overdue: Write<'overdue'> = ({ current, createdAt, dueAt, daysOver, live }, context) => ({
  headline: `Overdue since ${utcDay(dueAt)}: rotate now (${daysOver < 1 ? 'today' : `${count(daysOver, 'day')} over`})`,
  truth: [
    `The Anthropic API key ${hintText(current.hint)} is older than the ${count(context.policy.maxAgeDays, 'day')} it may be. It was to be replaced by ${moment(dueAt, context.now)}.`,
    ...insteadOfWorking(live, context.now),
  ],
  keys: [['Key', current]],
  steps: [...rotate(context), snooze(context)],
  otherwise: [
    `${works(live) ? 'The key goes on working: an' : 'An'} overdue key is never switched off by a machine. It stays an alarm and an audit finding, and is told again every week.`,
  ],
  evidence: [ageEvidence(createdAt, context.now)],
});
