import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../lib/workflows/ports';

/** The clock of a server with real time. */
export const WALL_CLOCK: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => void (await setTimeout(milliseconds)),
};
