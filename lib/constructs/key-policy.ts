import { Schedule } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib/core';
import { mergePolicy } from '../config/policy-input';
import { dayNumbers, hourNumbers } from '../config/working-hours';
import type { Policy } from '../domain/policy';

/** A policy as `keyPolicy` takes it: the fields of the fleet file, or durations in their place. Without a field, the default policy holds. */
export interface KeyPolicyProps extends Partial<Omit<Policy, 'checkEvery' | 'workingHours'>> {
  /** Age at which a key is overdue, in whole days, instead of `maxAgeDays`. @default Duration.days(90) */
  readonly maxAge?: Duration;
  /** For how long a superseded key stays valid, in whole hours, instead of `graceHours`. @default Duration.hours(48) */
  readonly grace?: Duration;
  /** When the key is checked: a duration from 5 minutes to a day, or an expression of EventBridge Scheduler. @default rate(1 hour) */
  readonly checkEvery?: Duration | string;
  /** When a key may be switched off, such as `{ days: 'Mon-Fri', hours: '9-17', timeZone: 'Europe/Berlin' }`. @default at any hour */
  readonly workingHours?: { readonly days: string; readonly hours: string; readonly timeZone: string };
}

/**
 * The policy of a key, with all defaults. `KeyRotation` judges it.
 * @throws Error naming both of `maxAge` and `maxAgeDays`, or of `grace` and `graceHours`, a duration that is not whole, or working hours that are none
 */
export function keyPolicy(props: KeyPolicyProps = {}): Policy {
  const { maxAge, grace, checkEvery, warnDays, ...plain } = props;
  refuseHours(props);
  return mergePolicy({
    ...plain,
    ...(warnDays && { warnDays: [...warnDays] }),
    ...(maxAge && { maxAgeDays: instead(plain, 'maxAge', maxAge, 'maxAgeDays', 'days') }),
    ...(grace && { graceHours: instead(plain, 'grace', grace, 'graceHours', 'hours') }),
    ...(checkEvery !== undefined && { checkEvery: scheduleOf(checkEvery) }),
  });
}

/** `KeyRotation` judges the time zone; days and hours are numbers by then. */
function refuseHours({ workingHours }: KeyPolicyProps): void {
  if (workingHours && !dayNumbers(workingHours.days))
    throw new Error(
      `workingHours.days is ${JSON.stringify(workingHours.days)}: expected days such as Mon-Fri.`,
    );
  if (workingHours && !hourNumbers(workingHours.hours))
    throw new Error(
      `workingHours.hours is ${JSON.stringify(workingHours.hours)}: expected hours such as 9-17 or 22-6.`,
    );
}

const scheduleOf = (every: Duration | string): string =>
  typeof every === 'string'
    ? every
    : Schedule.rate(Duration.minutes(whole('checkEvery', every, 'minutes'))).expressionString;

function instead(
  plain: Pick<KeyPolicyProps, 'maxAgeDays' | 'graceHours'>,
  name: string,
  duration: Duration,
  other: 'maxAgeDays' | 'graceHours',
  unit: Unit,
): number {
  if (plain[other] !== undefined)
    throw new Error(`The policy of a key has both ${name} and ${other}: expected one of them.`);
  return whole(name, duration, unit);
}

const IN = {
  days: (duration: Duration) => duration.toDays({ integral: false }),
  hours: (duration: Duration) => duration.toHours({ integral: false }),
  minutes: (duration: Duration) => duration.toMinutes({ integral: false }),
} as const;

type Unit = keyof typeof IN;

/** A duration as a whole number. @throws Error naming the prop and its value */
export function whole(name: string, duration: Duration, unit: Unit): number {
  if (typeof (duration as Partial<Duration>).isUnresolved !== 'function')
    throw new Error(
      `${name} is ${JSON.stringify(duration)}: expected a Duration, such as Duration.${unit}(2).`,
    );
  if (duration.isUnresolved())
    throw new Error(`${name} is known only at deployment: expected whole ${unit}.`);
  const number = IN[unit](duration);
  if (Number.isInteger(number)) return number;
  throw new Error(`${name} is ${duration.toHumanString()}: expected whole ${unit}.`);
}
