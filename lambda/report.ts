import { type Host, serving } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { type ReportRequest, reportFleet } from '../lib/workflows/report';

/** Reports on all keys of its environment: daily on what goes unwatched, weekly and on demand on everything. */
export const reportOn = (host: Host) => serving<ReportRequest, unknown>(host, 'report', reportFleet);

export const handler = reportOn({ vars: process.env, clock: systemClock });
