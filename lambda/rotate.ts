import { type Host, type Invocation, serve } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { type RotationEvent, rotateKey } from '../lib/workflows/rotate';

/** One of the four steps of Secrets Manager's rotation, which alone moves AWSCURRENT forward. */
export const rotateOn = (host: Host) => (event: RotationEvent, invocation: Invocation) =>
  serve(host, 'rotate', invocation, (world) => rotateKey(event, world));

export const handler = rotateOn({ vars: process.env, clock: systemClock });
