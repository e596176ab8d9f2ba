import {
  type AuditPart,
  type AuditReport,
  type AuditScope,
  type AuditSources,
  auditOf,
  joinedTrail,
} from '../domain/audit/audit';
import type { FleetFilter, FleetListing } from '../domain/fleet/fleet';
import { IDLE_DAYS } from '../domain/inventory/inventory';
import type { TrailLookup } from '../workflows/ports';
import { type Evidence, evidenceLeftOut, readEvidence } from '../workflows/read-evidence';
import type { CliContext } from './context';
import { UsageError } from './exit-code';
import { type JoinedFleets, surveyEverywhere } from './fleets';
import { dataOf } from './html/data';
import { renderHtml } from './html/page';
import { type Gathered, gatherInventory, inventoryOfPlaces } from './inventory/gather';
import { policyAdvice } from './policy-advice';
import { wrap } from './style';
import { waitFor } from './terminal';
import { VERSION } from './version';

/** Whether the history of an audit is left out, and whether it has an inventory. */
interface Extent {
  readonly noHistory?: true;
  readonly inventory?: true;
}

/** What an audit is about, and how much of that it has. */
export type Wanted = AuditScope & Extent;

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
  complain(complaints, context);
  const { caller, account } = await context.place();
  const maker = { identity: caller, account, version: VERSION };
  return auditOf(fleet, {
    scope,
    maker,
    ...sources,
    ...(await inventorySources(inventory, context, () =>
      gatherInventory(scope.environment, IDLE_DAYS, context),
    )),
  });
}

/** What cannot be listed is told on the page and is no error: the rest of it stands. */
async function inventorySources(
  wanted: true | undefined,
  { terminal }: CliContext,
  gather: () => Promise<Gathered>,
): Promise<Pick<AuditSources, 'inventory' | 'inventoryNotRead'>> {
  if (!wanted)
    return {
      inventoryNotRead: ['The organization’s keys were not asked for: that takes `report --inventory`.'],
    };
  try {
    const { inventory, notAsked } = await gather();
    return {
      ...(inventory.organizations.length > 0 && { inventory }),
      inventoryNotRead: notAsked.map(
        (each) => `${each.environment} could not list its organization: ${each.words}`,
      ),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const lines = [error.message, ...error.more];
    terminal.note(lines.map((line) => wrap(line, terminal.columns)).join('\n'));
    return { inventoryNotRead: lines };
  }
}

/**
 * Gathers one audit of every environment of the fleet file: each place is read with its own credentials, has its own evidence, and fails alone. What could not be
 * read stands in the audit.
 */
export async function auditEverywhere(
  { noHistory, inventory, ...filter }: FleetFilter & Extent,
  context: CliContext,
): Promise<JoinedFleets & { readonly audit: AuditReport }> {
  const joined = await surveyEverywhere(context, filter, async (there, fleet) => {
    const { sources, complaints } = noHistory ? evidenceLeftOut(fleet) : await readEvidence(there, fleet);
    complain(complaints, there);
    return { sources, identity: (await there.place()).caller, functions: there.functions };
  });
  const known = joined.parts.flatMap((part) => ('known' in part ? [part.known.sources] : []));
  const parts = joined.parts.map(
    ({ environments, account, region, ...part }): AuditPart => ({
      ...{ environments, ...(account && { account }), ...(region && { region }) },
      ...('known' in part
        ? { identity: part.known.identity, trail: part.known.sources.trail, absent: part.known.absent }
        : { unread: part.unread }),
    }),
  );
  const all = (values: readonly (string | undefined)[]) => [...new Set(values.filter(Boolean))].join(', ');
  const accounts = all(parts.map(({ account }) => account));
  const { environments = [] } = (await context.declared()) ?? {};
  const covered = new Set(parts.flatMap((part) => part.environments));
  const audit = auditOf(joined.fleet, {
    scope: { account: accounts, region: all(parts.map(({ region }) => region)), ...filter },
    maker: {
      identity: all(parts.map((part) => ('identity' in part ? part.identity : undefined))),
      account: all(parts.map((part) => ('identity' in part ? part.account : undefined))),
      version: VERSION,
    },
    evidence: new Map(known.flatMap(({ evidence }) => [...evidence])),
    trail: joinedTrail(parts),
    logs: known.flatMap(({ logs }) => logs),
    ...(await inventorySources(inventory, context, () =>
      inventoryOfPlaces(joined.parts, filter.environment, IDLE_DAYS, context),
    )),
    parts,
    environments: environments
      .filter(({ environment }) => covered.has(environment))
      .map(({ environment, adminAccess, spendLimitReviewed }) => ({
        name: environment,
        adminAccess,
        spendLimitReviewed,
      })),
  });
  return { ...joined, audit };
}

function complain(complaints: Evidence['complaints'], { terminal }: CliContext): void {
  for (const { text, denial, environment } of complaints)
    terminal.note(wrap(denial ? `${text} ${policyAdvice(denial, { environment })}` : text, terminal.columns));
}

/** Writes the page for auditors to a file. Returns the SHA-256 of its data, to be kept elsewhere. */
export async function writeAudit(
  path: string,
  fleet: FleetListing,
  wanted: Wanted,
  context: CliContext,
): Promise<string> {
  return writePage(path, await gatherAudit(fleet, wanted, context), context);
}

/** Writes an audit as the page. Returns the SHA-256 of its data. */
export async function writePage(path: string, audit: AuditReport, context: CliContext): Promise<string> {
  const { sha256 } = dataOf(audit);
  await context.writeFile(path, renderHtml(audit));
  context.terminal.note(`Written: ${path}\nSHA-256 of its data: ${sha256}`);
  return sha256;
}
