import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { runCommand } from '../lib/workflows/run-command';

/** Checks one managed key: on its schedule, after a write to its secret, or for an operator with a command. */
export const checkOn = (runtime: Runtime) => createHandler(runtime, 'check', runCommand);

export const handler = checkOn({ vars: process.env, clock: systemClock });
