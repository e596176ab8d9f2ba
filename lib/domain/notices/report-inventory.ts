import { INVENTORY_FLAGS, needsPerson } from '../inventory/flags';
import type { WorkspaceInventory } from '../inventory/inventory';
import type { InventoryRow } from '../inventory/row';
import { changeInWords, creatorInWords, flagsInWords, lastUseInWords, notKnownOf } from '../inventory/words';
import { utcDay } from '../time';
import { CLI_COMMAND } from '../wording/cli-command';
import { CONSOLE } from '../wording/commands';
import { count, freeText, hintText, paragraph, plain, section } from '../wording/text';
import type { ReportInput } from './report-input';

const TITLE = 'Keys of the workspace at Anthropic';

/** What the inventory says of the workspace's keys, and what happened to them in the last week. `itemsOf` caps a list. */
export function inventorySections(
  { inventory, environment, cliCommand = CLI_COMMAND }: ReportInput,
  itemsOf: (items: readonly string[]) => readonly string[],
): readonly string[] {
  if (inventory === undefined) return [];
  if (inventory === 'not-listed')
    return [
      section(TITLE, [
        paragraph(`Not known: the function with Admin access did not list them. Its log says why.`),
      ]),
    ];
  const { changes } = inventory;
  // What the keys' own sections say of a managed key is not said here again.
  const shown = inventory.rows.filter((row) => row.flags.includes('unmanaged') || needsPerson(row));
  const changed = changes.all.map((each) => `${named(each)} ${plain(changeInWords(each), 140)}`);
  const all = `All keys of the organization: ${cliCommand} inventory ${environment}`;
  return [
    section(shown.length > 0 ? `${TITLE}, worst first: adopt, explain or disable them` : TITLE, [
      paragraph(summaryOf(inventory)),
      ...(shown.length > 0 ? [itemsOf(shown.map(itemOf)).join('\n')] : []),
      ...doubtsOf(inventory, shown).map((text) => paragraph(text)),
      `  ${CONSOLE.keys}\n  ${all}`,
    ]),
    ...(changed.length > 0 || changes.notKnown
      ? [
          section('Changed at Anthropic in the last week', [
            ...(changed.length > 0 ? [itemsOf(changed).join('\n')] : []),
            ...(changes.notKnown
              ? [
                  paragraph(
                    `Not known is which keys were disabled, enabled or archived, and by whom: ${plain(changes.notKnown, 300)} See "Who changed a key" in docs/admin-access.md.`,
                  ),
                ]
              : []),
          ]),
        ]
      : []),
  ];
}

/** `9 active keys: 1 unmanaged, 8 managed. The organization has 30 more in other workspaces.` */
function summaryOf({ rows, elsewhere }: WorkspaceInventory): string {
  const active = rows.filter(({ status }) => status === 'active');
  const tally = INVENTORY_FLAGS.flatMap(({ flag, word }) => {
    const many = active.filter(({ flags }) => flags.includes(flag)).length;
    return many > 0 ? [`${many} ${word}`] : [];
  });
  return `${count(active.length, 'active key')}${tally.length > 0 ? `: ${tally.join(', ')}` : ''}.${elsewhere > 0 ? ` The organization has ${elsewhere} more in other workspaces.` : ''}`;
}

function itemOf(row: InventoryRow): string {
  const { createdAt, lastUse } = row;
  const adopted = row.held.find(({ as }) => as === 'claimed');
  return `${named(row)} ${flagsInWords(row)}; created ${utcDay(createdAt)} by ${plain(creatorInWords(row), 120)}, last use: ${lastUseInWords(lastUse)}${adopted ? `; to be adopted: ${plain(adopted.secretName, 80)}` : ''}`;
}

const named = ({ name, hint }: Pick<InventoryRow, 'name'> & { readonly hint?: string }) =>
  `"${freeText(name, 50)}"${hint ? ` ${hintText(hint)}` : ''}:`;

/** What was not seen, so that nobody takes it for not there. */
function doubtsOf(inventory: WorkspaceInventory, shown: readonly InventoryRow[]): readonly string[] {
  const unmanaged = shown.filter(({ flags }) => flags.includes('unmanaged')).length;
  const perhaps = Math.min(unmanaged, inventory.unseen);
  return [
    ...(perhaps > 0
      ? [
          `Up to ${perhaps} of them may be in a secret after all: as an old key in its grace period, a key just submitted, or one not checked yet. Disable none of those: a service may still use it.`,
        ]
      : unmanaged > 0
        ? ['No secret remembers the unmanaged ones, and no live key has their short form.']
        : []),
    ...inventory.organizations.flatMap(notKnownOf).map((text) => plain(text, 300)),
  ];
}
