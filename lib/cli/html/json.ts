import type { AuditReport } from '../../domain/fleet-audit';
import { scrub } from '../../domain/scrub';

/** The audit for machines: the same content under a versioned schema, dates as ISO 8601. */
export const toJson = (report: AuditReport): string => scrub(JSON.stringify(report, null, 2));
