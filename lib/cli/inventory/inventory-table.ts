import type { Difference } from '../../domain/inventory/comparison';
import { flagRow, INVENTORY_FLAGS, type InventoryFlag, needsPerson } from '../../domain/inventory/flags';
import type { Inventory } from '../../domain/inventory/inventory';
import type { InventoryRow } from '../../domain/inventory/row';
import {
  changeInWords,
  creatorInWords,
  differenceInWords,
  flagsInWords,
  heldInWords,
  lastUseInWords,
  notKnownOf,
  perhapsElsewhere,
} from '../../domain/inventory/words';
import { utcDay, utcMinute } from '../../domain/time';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { count } from '../../domain/wording/text';
import type { NotAsked } from '../../workflows/ask-organizations';
import { type Style, table } from '../style';

/** Nobody reads more rows on a screen. */
const MOST_ROWS = 200;

/** An inventory for a terminal: counts first, then a line per key, the worst first, then what changed and what is not known. */
export interface ShownInventory {
  readonly inventory: Inventory;
  readonly notAsked: readonly NotAsked[];
  /** Whose secrets it is compared with. */
  readonly where: string;
  /** What could not be read of them, and where there are none that should be there, a line each. */
  readonly missing: readonly string[];
  readonly absent: readonly string[];
  /** Only keys with it are listed. */
  readonly flag?: InventoryFlag;
  /** An earlier inventory. It was not compared if there are no differences, not even none. */
  readonly since?: {
    readonly file: string;
    readonly at?: Date;
    readonly differences?: readonly Difference[];
  };
}

export function renderInventory(shown: ShownInventory, style: Style): string {
  const { inventory, notAsked, where, missing, absent, flag, since } = shown;
  const rows = withFlag(inventory.rows, flag);
  const { changes } = inventory;
  const notListed = notAsked.map(({ environment, words }) =>
    style.warn(`${environment} could not list its organization: ${words}`),
  );
  const first = missing.length > 0 ? [...missing.map(style.bad), ''] : [];
  if (inventory.organizations.length === 0)
    return [
      ...first,
      style.bad('No organization could be listed: nothing is known of its keys.'),
      ...notListed,
      ...absent.map(style.warn),
    ].join('\n');
  return [
    ...first,
    ...summary(inventory, style),
    '',
    rows.length === 0
      ? flag === undefined
        ? 'The organization has no keys.'
        : `No key has the flag ${flag}.`
      : keyTable(rows.slice(0, MOST_ROWS), style),
    ...(rows.length > MOST_ROWS
      ? [`… and ${rows.length - MOST_ROWS} more: --csv and --json have all, and --flag chooses.`]
      : []),
    ...offers(rows, style),
    ...list(
      `In the last week, since ${utcDay(changes.since)}`,
      changes.all.map((each) => `${each.name}: ${changeInWords(each)}`),
      style,
    ),
    ...(since?.at && since.differences
      ? list(
          `Since ${since.file}, of ${utcMinute(since.at)} UTC`,
          since.differences.length === 0
            ? ['Nothing is different.']
            : since.differences.map((each) => `${each.name} (${each.id}): ${differenceInWords(each)}`),
          style,
        )
      : []),
    '',
    ...(since && !since.at
      ? [style.warn(`Not compared with ${since.file}: that takes the secrets of every place.`)]
      : []),
    ...[perhapsElsewhere(inventory)].filter(Boolean).map(style.warn),
    ...inventory.organizations.flatMap(notKnownOf).map(style.warn),
    ...(changes.notKnown
      ? [style.warn(`Not known is which keys were disabled, enabled or archived: ${changes.notKnown}`)]
      : []),
    ...(inventory.counts.unmanaged > 0 && inventory.unseen > 0
      ? [
          style.warn(
            `Up to ${Math.min(inventory.counts.unmanaged, inventory.unseen)} unmanaged keys may be in a managed secret after all: a listing does not show submitted and unchecked keys, and old ones that memory has no room for.`,
          ),
        ]
      : []),
    ...notListed,
    ...absent.map(style.warn),
    style.dim(
      `Compared with the secrets of ${where}. Idle: not used for ${count(inventory.idleDays, 'day')}.`,
    ),
  ].join('\n');
}

export const withFlag = (rows: readonly InventoryRow[], flag: InventoryFlag | undefined) =>
  flag === undefined ? rows : rows.filter(({ flags }) => flags.includes(flag));

function summary({ organizations, rows, counts }: Inventory, { bold }: Style): readonly string[] {
  const active = rows.filter(({ status }) => status === 'active').length;
  const names = organizations.map(({ name, id }) => `${name} (${id})`).join(' and ');
  const tally = INVENTORY_FLAGS.flatMap(({ flag, word }) =>
    counts[flag] > 0 ? [`${counts[flag]} ${word}`] : [],
  );
  return [
    bold(`${count(rows.length, 'key')} of ${names}, ${active} active`),
    ...(tally.length > 0 ? [tally.join(', ')] : []),
  ];
}

function keyTable(rows: readonly InventoryRow[], style: Style): string {
  const dated = style.columns >= 110;
  const wide = style.columns >= 150;
  const head = [
    'KEY',
    ...(dated ? ['CREATED'] : []),
    ...(wide ? ['BY', 'WORKSPACE'] : []),
    'LAST USE',
    'HELD BY',
    'STATE',
  ];
  return table(
    head,
    rows.map((row) => [
      row.name,
      ...(dated ? [utcDay(row.createdAt)] : []),
      ...(wide
        ? [creatorInWords(row), row.workspace ? (row.workspace.name ?? row.workspace.id) : 'all']
        : []),
      lastUseInWords(row.lastUse),
      heldInWords(row) || '-',
      state(row, style),
    ]),
    style,
  );
}

function state(row: InventoryRow, { good, warn, bad, dim }: Style): string {
  const words =
    [...(row.status === 'active' ? [] : [row.status]), flagsInWords(row)].filter(Boolean).join(', ') ||
    'active';
  if (row.status !== 'active') return dim(words);
  if (needsPerson(row)) return bad(words);
  return row.flags.some((flag) => flagRow(flag).advice !== undefined) ? warn(words) : good(words);
}

/** What would take care of keys that a secret remembers which no deployment manages. */
function offers(rows: readonly InventoryRow[], style: Style): readonly string[] {
  const secrets = new Set(
    rows.flatMap(({ flags, held }) =>
      flags.includes('adoptable')
        ? held.flatMap(({ as, secretName }) => (as === 'claimed' ? [secretName] : []))
        : [],
    ),
  );
  return list(
    'Secrets that no deployment manages remember some of them. To manage one',
    [...secrets].map((name) => `${CLI_COMMAND} adopt ${name}`),
    style,
  );
}

const list = (title: string, lines: readonly string[], { bold }: Style): readonly string[] =>
  lines.length === 0
    ? []
    : [
        '',
        bold(title),
        // A name may hold line breaks.
        ...lines.slice(0, MOST_ROWS).map((line) => `  ${line.replace(/\s+/g, ' ')}`),
        ...(lines.length > MOST_ROWS ? [`  … and ${lines.length - MOST_ROWS} more: see --json.`] : []),
      ];
