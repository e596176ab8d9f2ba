import { differencesFrom } from '../../domain/inventory/comparison';
import { type InventoryFlag, needsPerson } from '../../domain/inventory/flags';
import type { NotAsked } from '../../workflows/ask-organizations';
import type { CliContext } from '../context';
import { EXIT, type ExitCode, UsageError } from '../exit-code';
import { waitFor } from '../terminal';
import type { Plan } from '../verb';
import { toCsv } from './csv';
import { readFormer } from './former';
import { type Gathered, gatherInventory } from './gather';
import { renderInventory, withFlag } from './inventory-table';

/** What the command line asks for. */
export interface InventoryIntent {
  readonly environment?: string;
  readonly idleDays: number;
  readonly flag?: InventoryFlag;
  /** A file, or `-` for the output. */
  readonly csv?: string;
  readonly since?: string;
}

/** @throws UsageError */
export async function prepareInventory(
  { environment, idleDays, flag, csv, since }: InventoryIntent,
  context: CliContext,
): Promise<Plan> {
  if (csv === '-' && context.json) throw new UsageError('--csv - and --json both print: give one of them.');
  // Before anything is asked, which takes a while.
  const former = since === undefined ? undefined : { file: since, text: await readEarlier(since, context) };
  return {
    steps:
      csv !== undefined && csv !== '-'
        ? [`List the keys of the organization, and write them to ${csv}.`]
        : undefined,
    readsOnly: true,
    async execute() {
      const { account, region } = await context.place();
      const { inventory, notAsked } = await waitFor(
        context.terminal,
        'Listing the keys of the organization',
        () => gatherInventory(environment, idleDays, context),
      );
      const rows = withFlag(inventory.rows, flag);
      const earlier = former && readFormer(former.text, former.file, inventory);
      const differences = earlier && { at: earlier.at, differences: differencesFrom(earlier, inventory) };
      const exit = exitOf({ inventory, notAsked });
      if (csv === '-') return { exit, json: {}, asIs: true, text: () => toCsv({ rows }) };
      if (csv !== undefined) {
        await context.writeFile(csv, toCsv({ rows }));
        context.terminal.note(`Written: ${csv}`);
      }
      return {
        exit,
        json: {
          account,
          region,
          ...(flag && { flag }),
          ...inventory,
          rows,
          notAsked,
          ...(differences && { since: differences }),
        },
        text: (style) =>
          renderInventory(
            {
              inventory,
              notAsked,
              account,
              region,
              flag,
              ...(differences && { since: { file: former!.file, ...differences } }),
            },
            style,
          ),
      };
    },
  };
}

function exitOf({ inventory, notAsked }: Gathered): ExitCode {
  if (notAsked.some(isMissing)) return EXIT.incomplete;
  return inventory.rows.some(needsPerson) ? EXIT.attention : EXIT.fine;
}

/** To deploy without Admin access is a choice. */
const isMissing = ({ why }: NotAsked) => why !== 'no-admin-access';

async function readEarlier(file: string, { readFile }: CliContext): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(
      `--since: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
