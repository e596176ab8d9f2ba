import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { type ReportRequest, reportFleet } from '../lib/workflows/report';

/** Reports on its environment: daily on unwatched keys, weekly and on demand on all keys. */
export const reportOn = (runtime: Runtime) =>
  createHandler<ReportRequest, unknown>(runtime, 'report', reportFleet);

export const handler = reportOn({ vars: process.env, clock: systemClock });
