import { type AuditReport, type AuditScope, auditOf } from '../domain/audit/audit';
import type { FleetListing } from '../domain/fleet/fleet';
import { readEvidence } from '../workflows/read-evidence';
import type { CliContext } from './context';
import { dataOf } from './html/data';
import { renderHtml } from './html/page';
import { policyAdvice } from './policy-advice';
import { wrap } from './style';
import { waitFor } from './terminal';
import { VERSION } from './version';

/** Gathers the audit of a fleet: what the secrets remember, and what CloudTrail and the evidence logs say if they may be read. */
export async function gatherAudit(
  fleet: FleetListing,
  scope: AuditScope,
  context: CliContext,
): Promise<AuditReport> {
  const { sources, complaints } = await waitFor(context.terminal, 'Reading who did what, and when', () =>
    readEvidence(context, fleet),
  );
  for (const { text, denial, environment } of complaints)
    context.terminal.note(
      wrap(denial ? `${text} ${policyAdvice(denial, { environment })}` : text, context.terminal.columns),
    );
  const { caller, account } = await context.place();
  return auditOf(fleet, { scope, maker: { identity: caller, account, version: VERSION }, ...sources });
}

/** Writes the page for auditors to a file. Returns the SHA-256 of its data, to be kept elsewhere. */
export async function writeAudit(
  path: string,
  fleet: FleetListing,
  scope: AuditScope,
  context: CliContext,
): Promise<string> {
  const audit = await gatherAudit(fleet, scope, context);
  const { sha256 } = dataOf(audit);
  await context.writeFile(path, renderHtml(audit));
  context.terminal.note(`Written: ${path}\nSHA-256 of its data: ${sha256}`);
  return sha256;
}
