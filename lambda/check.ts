import { type Host, type Invocation, serve } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { type CheckRequest, obey } from '../lib/workflows/obey';

/** Checks one managed key: on its schedule, after a write to its secret, or for an operator with a command. */
export const checkOn = (host: Host) => (event: CheckRequest, invocation: Invocation) =>
  serve(host, 'check', invocation, (world) => obey(event, world));

export const handler = checkOn({ vars: process.env, clock: systemClock });
