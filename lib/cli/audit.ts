import { type AuditReport, type AuditScope, auditOf } from '../domain/audit/audit';
import type { FleetListing } from '../domain/fleet/fleet';
import type { TrailLookup } from '../workflows/ports';
import { evidenceLeftOut, readEvidence } from '../workflows/read-evidence';
import type { CliContext } from './context';
import { UsageError } from './exit-code';
import { dataOf } from './html/data';
import { renderHtml } from './html/page';
import { policyAdvice } from './policy-advice';
import { wrap } from './style';
import { waitFor } from './terminal';
import type { Options } from './verb';
import { VERSION } from './version';

/** An option of every command that makes the page. */
export const NO_HISTORY = [
  '--no-history',
  'leave out who did what: AWS CloudTrail allows two lookups a second, so that reading it takes four seconds or more',
] as const;

/** Whether the history is to be left out. @throws UsageError if there is no page to leave it out of */
export function readNoHistory({ history }: Options, isPage: boolean): { readonly noHistory?: true } {
  if (history !== false) return {};
  if (isPage) return { noHistory: true };
  throw new UsageError('--no-history is for the page for auditors: give --html <file>, too.');
}

/** What an audit is about, and whether its history is left out. */
export type Wanted = AuditScope & { readonly noHistory?: true };

const READING = 'Reading who did what, and when';

const lookupInWords = ({ kind, kinds, page }: TrailLookup) =>
  `${READING}: ${kind} of ${kinds} kinds of events in AWS CloudTrail${page > 1 ? `, page ${page}` : ''}`;

/** Gathers the audit of a fleet: what the secrets remember, and what CloudTrail and the evidence logs say if they are wanted and may be read. */
export async function gatherAudit(
  fleet: FleetListing,
  { noHistory, ...scope }: Wanted,
  context: CliContext,
): Promise<AuditReport> {
  const { sources, complaints } = noHistory
    ? evidenceLeftOut(fleet)
    : await waitFor(context.terminal, READING, (show) =>
        readEvidence(context, fleet, (lookup) => show(lookupInWords(lookup))),
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
  wanted: Wanted,
  context: CliContext,
): Promise<string> {
  const audit = await gatherAudit(fleet, wanted, context);
  const { sha256 } = dataOf(audit);
  await context.writeFile(path, renderHtml(audit));
  context.terminal.note(`Written: ${path}\nSHA-256 of its data: ${sha256}`);
  return sha256;
}
