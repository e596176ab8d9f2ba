import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { rotateKey } from '../lib/workflows/rotate';

/** Runs one of the four steps of Secrets Manager's rotation, the only way forward for AWSCURRENT. */
export const rotateOn = (runtime: Runtime) => createHandler(runtime, 'rotate', rotateKey);

export const handler = rotateOn({ vars: process.env, clock: systemClock });
