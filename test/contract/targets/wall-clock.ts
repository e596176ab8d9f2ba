import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../lib/workflows/ports';

/** Time of a server that has its own. */
export const WALL_CLOCK: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => void (await setTimeout(milliseconds)),
};
