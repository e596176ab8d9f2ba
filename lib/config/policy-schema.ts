import * as z from 'zod';
import { isTimeZone } from '../contract/policy-tags';
import { areHours, MOST_REMINDERS, POLICY_BOUNDS } from '../domain/policy';
import { scheduleFault } from '../domain/schedule';
import type { PolicyInput } from './policy-input';
import { reason, wholeNumber } from './value-schema';
import { dayNumbers, hourNumbers } from './working-hours';

/** A text that passes a test. */
const text = (passes: (text: string) => boolean, error: string) =>
  z.string({ error }).refine(passes, { error });

const timeZone = text(isTimeZone, 'an IANA time zone such as Europe/Berlin');

const workingHours = z
  .strictObject(
    {
      days: text((days) => dayNumbers(days) !== undefined, 'days such as Mon-Fri or Sun-Thu').describe(
        'First and last day, such as `Mon-Fri` or `Sun-Thu`.',
      ),
      hours: text((hours) => hourNumbers(hours) !== undefined, 'hours such as 9-17 or 22-6').describe(
        'First hour, and the hour at which work ends, such as `9-17`. `22-6` is the night that begins on such a day.',
      ),
      timeZone: timeZone.describe('IANA time zone, such as `Europe/Berlin`.'),
    },
    { error: 'days, hours and timeZone' },
  )
  .describe(
    'Hours within which a key may be switched off, by itself or by `retire`; a leak is not bound by them. Unset: at any hour.',
  );

/** A policy of the fleet, of an environment or of one key. The nearest wins, field by field. */
export const policySchema = z
  .strictObject(
    {
      maxAgeDays: wholeNumber(POLICY_BOUNDS.maxAgeDays, 'days').describe(
        'Days after which a key is overdue. Default: 90. More than 90 needs `allowLongAge`.',
      ),
      warnDays: z
        .array(wholeNumber(POLICY_BOUNDS.warnDays, 'days'), { error: 'a list of days such as [14, 7, 1]' })
        .max(MOST_REMINDERS, { error: `at most ${MOST_REMINDERS} reminders` })
        .describe('Days before `maxAgeDays` at which a reminder is sent. Default: [14, 7, 1].'),
      graceHours: wholeNumber(POLICY_BOUNDS.graceHours, 'hours').describe(
        'Hours for which a superseded key stays valid. Default: 48. More than 14 days needs `allowLongGrace`.',
      ),
      checkEvery: z
        .string({ error: 'a schedule such as rate(1 hour)' })
        .superRefine((text, context) => {
          const expected = scheduleFault(text);
          if (expected) context.addIssue({ code: 'custom', message: expected });
        })
        .describe('When the key is checked: `rate(1 hour)` or `cron(0 * * * ? *)`. Default: rate(1 hour).'),
      probeModel: z
        .string({ error: 'a model name' })
        .regex(/^[A-Za-z0-9._:-]{3,100}$/, { error: 'a model name' })
        .describe('First model to probe with. A built-in chain of models follows it.'),
      healthProbe: z
        .enum(['messages', 'count-tokens'], { error: 'messages or count-tokens' })
        .describe(
          '`messages` proves billing too, for a fraction of a cent; `count-tokens` is free. Default: messages.',
        ),
      deactivate: z
        .enum(['prompt', 'automatic'], { error: 'prompt or automatic' })
        .describe('Who switches a superseded key off. `automatic` needs `adminAccess`. Default: prompt.'),
      maxGraceExtensions: wholeNumber(POLICY_BOUNDS.maxGraceExtensions, 'days').describe(
        'Days by which grace may be extended while a superseded key is still used. Default: 7.',
      ),
      autoRollback: z
        .boolean({ error: 'true or false' })
        .describe('Whether a bad value over a working key is taken back. Default: true.'),
      workingHours,
      allowLongAge: reason.describe('Why `maxAgeDays` may exceed 90.'),
      allowLongGrace: reason.describe('Why `graceHours` may exceed 14 days.'),
    } satisfies Record<keyof PolicyInput, z.ZodType>,
    { error: 'policy fields such as maxAgeDays' },
  )
  .partial() satisfies z.ZodType<PolicyInput>;

/** A pair of whole numbers, from and to. */
const span = (fits: (from: number, to: number) => boolean, error: string) =>
  z.custom<readonly [from: number, to: number]>(
    (value) =>
      Array.isArray(value) && value.every(Number.isInteger) && value.length === 2 && fits(value[0], value[1]),
    { error },
  );

/** A policy in the props of constructs: its working hours are numbers. */
export const policyOfProps = policySchema.extend({
  workingHours: z
    .strictObject(
      {
        days: span(
          (...days) => days.every((day) => day >= 1 && day <= 7),
          'two days such as [1, 5], Monday to Friday',
        ),
        hours: span((from, to) => areHours([from, to]), 'two hours such as [9, 17] or [22, 6]'),
        timeZone,
      },
      { error: 'days, hours and timeZone' },
    )
    .optional(),
});
