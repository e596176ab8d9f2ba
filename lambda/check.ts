import { type Host, serving } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { obey } from '../lib/workflows/obey';

/** Checks one managed key: on its schedule, after a write to its secret, or for an operator with a command. */
export const checkOn = (host: Host) => serving(host, 'check', obey);

export const handler = checkOn({ vars: process.env, clock: systemClock });
