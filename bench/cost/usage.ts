import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { minutesBetween } from '../../lib/domain/schedule';
import { DAY, HOUR, MINUTE, plus } from '../../lib/domain/time';
import { TestKey } from '../../test/lifecycle/test-key';
import { DAYS, type MonthlyUsage, sumOf } from './counted';
import { Meter } from './meter';

const WEEKS = DAYS / 7;
/** In a month: one a quarter. */
const ROTATIONS = 1 / 3;

const { maxAgeDays, warnDays, graceHours } = DEFAULT_POLICY;
const REMINDED_AT = warnDays.map((days) => maxAgeDays - days);
const GRACE_DAYS = graceHours / 24;
/** After the grace, until somebody switches the old key off. */
const HALF_A_DAY = 0.5;

/** The notices of the first key and of the rotation that is played. */
const TOLD = 'due due due rotated grace-over rotation-complete';

/** Plays a key in the embedded world, through the real functions and SDKs, and counts. The same schedule gives the same numbers. */
export async function monthlyUsage(checkEvery: string): Promise<MonthlyUsage> {
  const every = minutesBetween(checkEvery)!.longest;
  // So late in an hour that every day of checks falls into 24 hours of metrics.
  const start = new Date('2026-11-18T03:50:00Z');
  const testKey = await TestKey.build({ start, policy: { checkEvery } });
  const { anthropic, clock } = testKey.sandbox;
  const meter = new Meter(testKey.sandbox.environment('prod'), clock);
  const checkedFor = async (days: number) => {
    for (let minute = 0; minute < days * (DAY / MINUTE); minute += every) {
      clock.advance(every * MINUTE);
      await testKey.check();
    }
  };
  const old = testKey.newKey();
  // Made in the same moment as the first key, the placeholder would count as newer, and be read at every check.
  clock.advance(HOUR);
  const born = clock.now();
  await meter.during(async () => {
    await testKey.submit(old);
    await checkedFor(1);
  });
  const day = await meter.during(() => checkedFor(1));
  const report = await meter.during(() => testKey.report());
  clock.set(new Date('2026-11-23T04:50:00Z'));
  await meter.during(() => testKey.check());
  const mondaysReport = await meter.during(() => testKey.report());
  const before = testKey.told.length;
  const course = await meter.during(async () => {
    for (const age of REMINDED_AT) {
      clock.set(plus(born, age * DAY + MINUTE));
      await testKey.check();
      await testKey.report();
    }
    await testKey.submit(testKey.newKey());
    await checkedFor(GRACE_DAYS + HALF_A_DAY);
    anthropic.disable(old);
    await checkedFor(HALF_A_DAY);
  });
  const told = testKey.told.slice(before).join(' ');
  if (told !== TOLD) throw new Error(`The rotation was told in another way: ${told}`);
  await testKey.close();
  const rotation = sumOf([1, course], [-GRACE_DAYS - 2 * HALF_A_DAY, day], [-REMINDED_AT.length, report]);
  return {
    every,
    perKey: { ...sumOf([DAYS, day], [ROTATIONS, rotation]), metricHours: ROTATIONS * rotation.metricHours },
    perEnvironment: {
      ...sumOf([DAYS - WEEKS, report], [WEEKS, mondaysReport]),
      metricHours: DAYS * (day.metricHours + report.metricHours),
    },
    rotation,
  };
}
