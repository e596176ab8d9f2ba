import type { Inventory } from '../../domain/inventory/inventory';
import type { InventoryRow, Party } from '../../domain/inventory/row';
import { scrub } from '../../domain/key';

type Cell = string | Date | undefined;

/** The columns of the CSV: names and order stay, and new ones come last. */
const COLUMNS: Readonly<Record<string, (row: InventoryRow) => Cell>> = {
  organization_id: ({ organizationId }) => organizationId,
  key_id: ({ id }) => id,
  name: ({ name }) => name,
  hint: ({ hint }) => hint,
  status: ({ status }) => status,
  flags: ({ flags }) => flags.join(' '),
  workspace_id: ({ workspace }) => workspace?.id,
  workspace: ({ workspace }) => workspace?.name,
  workspace_archived_at: ({ workspace }) => workspace?.archivedAt,
  created_at: ({ createdAt }) => createdAt,
  created_by_kind: ({ createdBy }) => createdBy?.kind,
  created_by: ({ createdBy }) => named(createdBy),
  creator_is_member: ({ createdBy }) => createdBy?.here,
  principal_kind: ({ principal }) => principal?.kind,
  principal: ({ principal }) => named(principal),
  principal_is_member: ({ principal }) => principal?.here,
  expires_at: ({ expiresAt }) => expiresAt,
  last_use: ({ lastUse }) => lastUse.kind,
  last_used_from: ({ lastUse }) => (lastUse.kind === 'used' ? lastUse.from : undefined),
  last_used_to: ({ lastUse }) => (lastUse.kind === 'used' ? lastUse.to : undefined),
  not_used_since: ({ lastUse }) => (lastUse.kind === 'none' ? lastUse.since : undefined),
  held_by: ({ held }) => held.map(({ key }) => key).join(' '),
  held_as: ({ held }) => held.map(({ as }) => as).join(' '),
  secrets: ({ held }) => held.map(({ secretName }) => secretName).join(' '),
};

/** The keys as RFC 4180 has it, for any spreadsheet. */
export const toCsv = ({ rows }: Pick<Inventory, 'rows'>): string =>
  [Object.keys(COLUMNS), ...rows.map((row) => Object.values(COLUMNS).map((cell) => cell(row)))]
    .map((cells) => `${cells.map(written).join(',')}\r\n`)
    .join('');

const named = (party: Party | undefined) => party && (party.email ?? party.id);

/** Anybody names their keys. A spreadsheet runs what begins like a formula, so an apostrophe makes a text of it. */
function written(cell: Cell): string {
  const text = cell instanceof Date ? cell.toISOString() : scrub(cell ?? '');
  const safe = /^[\s\p{C}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
