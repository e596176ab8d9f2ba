import { type AuditReport, type AuditScope, type AuditSources, auditOf } from '../domain/audit/audit';
import type { FleetListing } from '../domain/fleet/fleet';
import { IDLE_DAYS } from '../domain/inventory/inventory';
import type { TrailLookup } from '../workflows/ports';
import { evidenceLeftOut, readEvidence } from '../workflows/read-evidence';
import type { CliContext } from './context';
import { UsageError } from './exit-code';
import { dataOf } from './html/data';
import { renderHtml } from './html/page';
import { gatherInventory } from './inventory/gather';
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

/** Another option of those commands. */
export const WITH_INVENTORY = [
  '--inventory',
  'also list every key of the organization on the page, which takes Admin access and the responder policy',
] as const;

/** Whether the page is to have an inventory. @throws UsageError if there is no page */
export function readInventory({ inventory }: Options, isPage: boolean): { readonly inventory?: true } {
  if (inventory !== true) return {};
  if (isPage) return { inventory: true };
  throw new UsageError(
    '--inventory is for the page for auditors: give --html <file>, too. `inventory` lists the keys.',
  );
}

/** Whether the history is to be left out. @throws UsageError if there is no page to leave it out of */
export function readNoHistory({ history }: Options, isPage: boolean): { readonly noHistory?: true } {
  if (history !== false) return {};
  if (isPage) return { noHistory: true };
  throw new UsageError('--no-history is for the page for auditors: give --html <file>, too.');
}

/** What an audit is about, whether its history is left out, and whether it has an inventory. */
export type Wanted = AuditScope & { readonly noHistory?: true; readonly inventory?: true };

const READING = 'Reading who did what, and when';

const lookupInWords = ({ kind, kinds, page }: TrailLookup) =>
  `${READING}: ${kind} of ${kinds} kinds of events in AWS CloudTrail${page > 1 ? `, page ${page}` : ''}`;

/** Gathers the audit of a fleet: what the secrets remember, and what CloudTrail and the evidence logs say if they are wanted and may be read. */
export async function gatherAudit(
  fleet: FleetListing,
  { noHistory, inventory, ...scope }: Wanted,
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
  const maker = { identity: caller, account, version: VERSION };
  return auditOf(fleet, { scope, maker, ...sources, ...(await inventorySources(scope, inventory, context)) });
}

/** What cannot be listed is told on the page and is no error: the rest of it stands. */
async function inventorySources(
  { environment }: AuditScope,
  wanted: true | undefined,
  context: CliContext,
): Promise<Pick<AuditSources, 'inventory' | 'inventoryNotRead'>> {
  if (!wanted)
    return {
      inventoryNotRead: ['The organization’s keys were not asked for: that takes `report --inventory`.'],
    };
  try {
    const { inventory, notAsked } = await waitFor(
      context.terminal,
      'Listing the keys of the organization',
      () => gatherInventory(environment, IDLE_DAYS, context),
    );
    return {
      inventory,
      inventoryNotRead: notAsked.map(
        (each) => `${each.environment} could not list its organization: ${each.words}`,
      ),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.terminal.note(wrap(error.message, context.terminal.columns));
    return { inventoryNotRead: error.message.split('\n') };
  }
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
