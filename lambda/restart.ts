import { createRestartHandler, type RestartRuntime } from '../lib/adapters/restart-runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { restart } from '../lib/workflows/restart';

/** Restarts the ECS services that read a key, after it changed, and says whether they are fresh. It belongs to the stack of `RestartOnRotation`. */
export const restartOn = (runtime: RestartRuntime) => createRestartHandler(runtime, restart);

export const handler = restartOn({ vars: process.env, clock: systemClock });
