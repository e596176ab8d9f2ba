import { utcDay } from '../../time';
import { keys } from '../../wording/commands';
import { insteadOfWorking, works } from '../../wording/phrases';
import type { NoticeContext, Step, Write } from '../../wording/sheet';
import { rotate } from '../../wording/steps';
import { count, hintText, moment } from '../../wording/text';

const ageEvidence = (createdAt: Date, now: Date) =>
  `The age counts from ${moment(createdAt, now)}, when this key value first appeared: at Anthropic where that is known, else in the secret.`;

const snooze = ({ key }: NoticeContext): Step => [
  'If it really cannot be done in time, say until when and why; every report then shows it:',
  { run: keys('snooze', key, '--until', 'YYYY-MM-DD', '--reason', 'WHY') },
];

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

export const expiresSoon: Write<'expires-soon'> = ({ current, expiresAt, daysLeft }, context) => ({
  headline: `Key expires ${utcDay(expiresAt)}: rotate before (${count(daysLeft, 'day')} left)`,
  truth: [
    `Anthropic switches the API key ${hintText(current.hint)} off at ${moment(expiresAt, context.now)}. That expiry was chosen when the key was created and cannot be changed.`,
  ],
  keys: [['Key', current]],
  steps: rotate(context),
  otherwise: ['At that moment the key is dead, and every call of the service fails.'],
  evidence: ['The expiry stands in the record of the key at Anthropic (Admin API).'],
});
