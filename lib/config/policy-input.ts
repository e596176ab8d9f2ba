import type { Policy } from '../domain/policy';
import { DAYS, type PolicyInput } from './policy-schema';

/** A complete policy as the fleet file would say it. */
export function policyInput({ workingHours, ...policy }: Policy): PolicyInput {
  const written = { ...policy, warnDays: [...policy.warnDays] };
  if (!workingHours) return written;
  const { days, hours, timeZone } = workingHours;
  const named = days.map((day) => DAYS[day - 1] ?? day);
  return { ...written, workingHours: { days: named.join('-'), hours: hours.join('-'), timeZone } };
}
