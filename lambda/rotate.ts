import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { rotateKey } from '../lib/workflows/rotate';

/** One of the four steps of Secrets Manager's rotation, which alone moves AWSCURRENT forward. */
export const rotateOn = (host: Runtime) => createHandler(host, 'rotate', rotateKey);

export const handler = rotateOn({ vars: process.env, clock: systemClock });
