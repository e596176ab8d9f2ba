import type { AuditReport } from '../../domain/fleet-audit';
import { scrub } from '../../domain/scrub';

/** The audit for machines: the same content under a versioned schema, dates as ISO 8601. */
export const toJson = (report: AuditReport): string =>
  JSON.stringify(report, (_, value) => (typeof value === 'string' ? scrub(value) : value), 2);
