import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { type ReportRequest, reportFleet } from '../lib/workflows/report';

/** Reports on all keys of its environment: daily on what goes unwatched, weekly and on demand on everything. */
export const reportOn = (host: Runtime) => createHandler<ReportRequest, unknown>(host, 'report', reportFleet);

export const handler = reportOn({ vars: process.env, clock: systemClock });
