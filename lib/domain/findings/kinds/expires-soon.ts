import { utcDay } from '../../time';
import type { Write } from '../../wording/sheet';
import { rotate } from '../../wording/steps';
import { count, hintText, moment } from '../../wording/text';

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
