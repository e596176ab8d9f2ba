import { DAY, HOUR, plus } from '../../lib/domain/time';

/** The moment of deployment: shortly before the first check. */
export const START = new Date('2026-11-21T05:50:00Z');

const MIDNIGHT = new Date(`${START.toISOString().slice(0, 10)}T00:00:00Z`);

/** The UTC hour of day N after deployment. */
export const dateOf = ({ day, hour = 0 }: { day: number; hour?: number }) =>
  plus(MIDNIGHT, day * DAY + hour * HOUR);

/** Days since the day of deployment. */
export const dayOf = (at: Date) => Math.floor((at.getTime() - MIDNIGHT.getTime()) / DAY);
