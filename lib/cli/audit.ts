import { type AuditReport, type AuditScope, auditOf } from '../domain/audit/audit';
import type { FleetListing } from '../domain/fleet/fleet';
import { readEvidence } from '../workflows/trail-history';
import type { CliContext } from './context';
import { renderHtml } from './html/page';
import { waitFor } from './terminal';

/** Gathers the audit of a fleet: what the secrets remember, and what CloudTrail says if it may be read. */
export async function gatherAudit(
  fleet: FleetListing,
  scope: AuditScope,
  context: CliContext,
): Promise<AuditReport> {
  const sources = await waitFor(context.terminal, 'Reading who did what from CloudTrail', () =>
    readEvidence(context.trail, fleet),
  );
  return auditOf(fleet, { scope, ...sources });
}

/** Writes the page for auditors to a file. */
export async function writeAudit(
  path: string,
  fleet: FleetListing,
  scope: AuditScope,
  context: CliContext,
): Promise<void> {
  await context.writeFile(path, renderHtml(await gatherAudit(fleet, scope, context)));
  context.terminal.note(`Written: ${path}`);
}
