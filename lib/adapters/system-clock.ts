import type { Clock } from '../workflows/ports';

/** Real time: the one place below the entries that asks the machine for it. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
