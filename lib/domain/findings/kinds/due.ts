import { utcDay } from '../../time';
import { ageEvidence, insteadOfWorking, works } from '../../wording/phrases';
import type { Write } from '../../wording/sheet';
import { rotate } from '../../wording/steps';
import { count, hintText, moment } from '../../wording/text';

export const due: Write<'due'> = ({ current, createdAt, dueAt, daysLeft, live }, context) => ({
  headline: `Rotate by ${utcDay(dueAt)} (${count(daysLeft, 'day')} left)`,
  truth: [
    `The Anthropic API key ${hintText(current.hint)} ${works(live) ? 'works, and ' : ''}must be replaced by ${moment(dueAt, context.now)}. Keys of this service may be ${count(context.policy.maxAgeDays, 'day')} old.`,
    ...insteadOfWorking(live, context.now),
  ],
  keys: [['Key', current]],
  steps: rotate(context),
  otherwise: [
    `${works(live) ? 'The key goes on working. ' : ''}From the deadline on it counts as overdue: this becomes an alarm and an audit finding.`,
  ],
  evidence: [ageEvidence(createdAt, context.now)],
});
