import type { FormerInventory, FormerRow } from '../../domain/inventory/comparison';
import type { Inventory } from '../../domain/inventory/inventory';
import { PREFIX } from '../document';
import { UsageError } from '../exit-code';

/** What `inventory --json` prints. */
export const INVENTORY_DOCUMENT = 'inventory/1';

/**
 * An earlier inventory from its JSON. One that is about something else would make every key look new or lost.
 * @throws UsageError unless it is the whole inventory of the same organizations
 */
export function readFormer(
  text: string,
  file: string,
  current: Pick<Inventory, 'organizations'> & { readonly everywhere?: true },
): FormerInventory {
  const refuse = (why: string) =>
    new UsageError(`--since takes a file that \`inventory --json\` has printed; ${file} ${why}`);
  const document = parsed(text);
  if (!isObject(document)) throw refuse('is no JSON object.');
  const { schema, now, flag, complete, parts, organizations, rows } = document;
  if (schema !== `${PREFIX}${INVENTORY_DOCUMENT}`)
    throw refuse(
      typeof schema === 'string' && schema.startsWith(`${PREFIX}inventory/`)
        ? `is of a release with another format, ${schema}. This one reads ${PREFIX}${INVENTORY_DOCUMENT}.`
        : `has the schema ${JSON.stringify(schema) ?? 'of nothing'}, not ${PREFIX}${INVENTORY_DOCUMENT}.`,
    );
  if (flag !== undefined)
    throw refuse(`holds only keys with the flag ${JSON.stringify(flag)}. Make it without --flag.`);
  if (complete === false) throw refuse('is not complete: a place or an organization could not be read then.');
  if ((parts !== undefined) !== (current.everywhere === true))
    throw refuse(
      `is of ${parts === undefined ? 'one account and region: make both with --everywhere, or none' : 'every environment of keys.yaml: give --everywhere, too'}.`,
    );
  const at = new Date(typeof now === 'string' ? now : Number.NaN);
  if (Number.isNaN(at.getTime()) || !Array.isArray(organizations) || !Array.isArray(rows))
    throw refuse('is damaged: it lacks its time, organizations or rows.');
  const theirs = organizations.map((one) => (isObject(one) ? String(one.id) : '')).sort();
  const ours = current.organizations.map(({ id }) => id).sort();
  if (theirs.join() !== ours.join())
    throw refuse(
      `is about ${named(theirs)}, and this inventory about ${named(ours)}. Name the same environment, account and region.`,
    );
  return {
    at,
    rows: rows.map((row, index) => {
      const read = isObject(row) ? rowOf(row) : undefined;
      if (!read) throw refuse(`is damaged: its row ${index + 1} is no key.`);
      return read;
    }),
  };
}

const named = (ids: readonly string[]) =>
  ids.length === 0 ? 'no organization' : `organization ${ids.join(' and ')}`;

function rowOf({ id, name, status, flags, held }: Fields): FormerRow | undefined {
  const isStatus =
    status === 'active' || status === 'inactive' || status === 'archived' || status === 'expired';
  if (typeof id !== 'string' || typeof name !== 'string' || !isStatus) return undefined;
  if (!Array.isArray(flags) || !Array.isArray(held)) return undefined;
  return {
    id,
    name,
    status,
    flags: flags.filter((flag) => typeof flag === 'string'),
    heldBy: held.flatMap((holder) =>
      isObject(holder) && typeof holder.key === 'string' && holder.as !== 'claimed' ? [holder.key] : [],
    ),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
