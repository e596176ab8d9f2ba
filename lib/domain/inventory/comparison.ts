import type { InventoryFlag } from './flags';
import type { Inventory } from './inventory';
import type { InventoryRow } from './row';

/** A key in an earlier inventory, as its JSON has it. */
export interface FormerRow extends Pick<InventoryRow, 'id' | 'name' | 'status'> {
  /** Flags of a newer release are as good as none here. */
  readonly flags: readonly string[];
  /** `prod/api-gateway`, of each secret that held it. */
  readonly heldBy: readonly string[];
}

/** An earlier inventory of the same organizations. */
export interface FormerInventory {
  readonly at: Date;
  readonly rows: readonly FormerRow[];
}

/** How a key differs from what an earlier inventory says of it. */
export interface Difference extends Pick<InventoryRow, 'id' | 'name'> {
  readonly change: 'appeared' | 'vanished' | 'changed';
  readonly status?: { readonly before: string; readonly now: string };
  /** Flags that it has now and had not. */
  readonly began?: readonly InventoryFlag[];
  /** Flags that it had and has not any more. */
  readonly ended?: readonly string[];
  readonly heldBy?: { readonly before: readonly string[]; readonly now: readonly string[] };
}

/** Every key that is not as it was, in the order of the inventory; those that are not listed any more come last. */
export function differencesFrom(former: FormerInventory, { rows }: Inventory): readonly Difference[] {
  const before = new Map(former.rows.map((row) => [row.id, row]));
  const listed = new Set(rows.map(({ id }) => id));
  return [
    ...rows.flatMap((row) => {
      const { id, name, flags } = row;
      const was = before.get(id);
      if (!was) return [{ id, name, change: 'appeared' as const, began: flags }];
      const difference = differenceOf(was, row);
      return difference ? [difference] : [];
    }),
    ...former.rows.flatMap(({ id, name }) =>
      listed.has(id) ? [] : [{ id, name, change: 'vanished' as const }],
    ),
  ];
}

function differenceOf(was: FormerRow, row: InventoryRow): Difference | undefined {
  const heldBy = holdersOf(row);
  const began = row.flags.filter((flag) => !was.flags.includes(flag));
  const ended = was.flags.filter((flag) => !row.flags.some((one) => one === flag));
  const moved = heldBy.join() !== [...was.heldBy].sort().join();
  if (was.status === row.status && began.length + ended.length === 0 && !moved) return undefined;
  return {
    id: row.id,
    name: row.name,
    change: 'changed',
    ...(was.status !== row.status && { status: { before: was.status, now: row.status } }),
    ...(began.length > 0 && { began }),
    ...(ended.length > 0 && { ended }),
    ...(moved && { heldBy: { before: was.heldBy, now: heldBy } }),
  };
}

/** The managed secrets that hold a key, in order. */
export const holdersOf = ({ held }: Pick<InventoryRow, 'held'>): readonly string[] =>
  [...new Set(held.flatMap(({ key, as }) => (as === 'claimed' ? [] : [key])))].sort();
