import { DAY, HOUR, plus, utcDay } from '../../lib/domain/time';

/** The moment of deployment: shortly before the first check. */
export const START = new Date('2026-11-21T05:50:00Z');

const MIDNIGHT = new Date(`${utcDay(START)}T00:00:00Z`);

/** The UTC hour of day N after deployment. */
export const dateOf = ({ day, hour = 0 }: { day: number; hour?: number }) =>
  plus(MIDNIGHT, day * DAY + hour * HOUR);

/** Days since the day of deployment. */
export const dayOf = (at: Date) => Math.floor((at.getTime() - MIDNIGHT.getTime()) / DAY);

/** When the credit of the organization runs out, and for how long. */
export const OUTAGE = { day: 55, hour: 8, hours: 30 } as const;
