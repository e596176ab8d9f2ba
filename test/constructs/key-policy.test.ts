import { CfnParameter, Duration } from 'aws-cdk-lib/core';
import { type KeyPolicyProps, keyPolicy } from '../../lib';
import { stackIn } from './other-app';

test.each<[props: KeyPolicyProps, says: string]>([
  [{ maxAge: Duration.days(60), maxAgeDays: 60 }, 'both maxAge and maxAgeDays: expected one of them'],
  [{ grace: Duration.hours(1), graceHours: 1 }, 'both grace and graceHours: expected one of them'],
  [{ maxAge: Duration.hours(36) }, 'maxAge is 1 day 12 hours: expected whole days'],
  [{ grace: Duration.minutes(90) }, 'grace is 1 hour 30 minutes: expected whole hours'],
  [
    { workingHours: { days: 'Monday-Friday', hours: '9-17', timeZone: 'UTC' } },
    'workingHours.days is "Monday-Friday": expected days such as Mon-Fri',
  ],
  [
    { workingHours: { days: 'Mon-Fri', hours: '9-9', timeZone: 'UTC' } },
    'workingHours.hours is "9-9": expected hours such as 9-17 or 22-6',
  ],
  [{ checkEvery: Duration.seconds(330) }, 'checkEvery is 5 minutes 30 seconds: expected whole minutes'],
])('keyPolicy(%j) is refused', (props, says) => {
  expect(() => keyPolicy(props)).toThrow(says);
});

test.each([
  ['48h', 'grace is "48h": expected a Duration, such as Duration.hours(2).'],
  [48, 'grace is 48: expected a Duration'],
])('%j is no duration, which plain JavaScript does not notice', (grace, says) => {
  expect(() => keyPolicy({ grace: grace as unknown as Duration })).toThrow(says);
});

test('a duration that is known only at deployment is refused', () => {
  const { valueAsNumber } = new CfnParameter(stackIn(), 'Days', { type: 'Number' });
  expect(() => keyPolicy({ maxAge: Duration.days(valueAsNumber) })).toThrow(
    'maxAge is known only at deployment',
  );
});

test.each([
  [Duration.minutes(5), 'rate(5 minutes)'],
  [Duration.minutes(60), 'rate(1 hour)'],
  [Duration.days(1), 'rate(1 day)'],
  ['cron(0 9,17 * * ? *)', 'cron(0 9,17 * * ? *)'],
])('%s as checkEvery is %s', (checkEvery, expression) => {
  expect(keyPolicy({ checkEvery }).checkEvery).toBe(expression);
});
