import { differencesFrom } from '../../domain/inventory/comparison';
import { type InventoryFlag, needsPerson } from '../../domain/inventory/flags';
import type { NotAsked } from '../../workflows/ask-organizations';
import type { CliContext } from '../context';
import type { Fields } from '../document';
import { missingInWords, readInWords } from '../everywhere';
import { EXIT, UsageError } from '../exit-code';
import { absentInWords, stateOf } from '../fleets';
import type { Plan } from '../verb';
import { toCsv } from './csv';
import { readFormer } from './former';
import { type Gathered, gatherEverywhere, gatherInventory } from './gather';
import { renderInventory, type ShownInventory, withFlag } from './inventory-table';

/** What the command line asks for. */
export interface InventoryIntent {
  readonly environment?: string;
  readonly everywhere?: true;
  readonly idleDays: number;
  readonly flag?: InventoryFlag;
  /** A file, or `-` for the output. */
  readonly csv?: string;
  readonly since?: string;
}

/** @throws UsageError */
export async function prepareInventory(
  { environment, everywhere, idleDays, flag, csv, since }: InventoryIntent,
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
      const gather = everywhere ? fromEverywhere : fromHere;
      const { inventory, notAsked, scope } = await gather(environment, idleDays, context);
      const { missing, absent, where, ...places } = scope;
      const rows = withFlag(inventory.rows, flag);
      // A key that moved and one whose secret could not be read look alike.
      const earlier =
        former && missing.length === 0
          ? readFormer(former.text, former.file, { ...inventory, everywhere })
          : undefined;
      const differences = earlier && { at: earlier.at, differences: differencesFrom(earlier, inventory) };
      const complete = missing.length === 0 && !notAsked.some(isMissing);
      const needed = absent.length > 0 || inventory.rows.some(needsPerson);
      const exit = complete ? (needed ? EXIT.attention : EXIT.fine) : EXIT.incomplete;
      if (csv === '-') {
        if (missing.length > 0) context.terminal.complain(missing.join('\n'));
        return { exit, json: {}, asIs: true, text: () => toCsv({ rows }) };
      }
      if (csv !== undefined) {
        await context.writeFile(csv, toCsv({ rows }));
        context.terminal.note(`Written: ${csv}`);
      }
      return {
        exit,
        json: {
          complete,
          ...places,
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
              ...{ where, missing, absent, flag },
              ...(former && { since: { file: former.file, ...differences } }),
            },
            style,
          ),
      };
    },
  };
}

/** What an inventory is compared with, in words and as its JSON has it. */
type Scope = Pick<ShownInventory, 'where' | 'missing' | 'absent'> & Fields;

type Gather = (...asked: Parameters<typeof gatherInventory>) => Promise<Gathered & { readonly scope: Scope }>;

const fromHere: Gather = async (environment, idleDays, context) => {
  const { account, region } = await context.place();
  const gathered = await gatherInventory(environment, idleDays, context);
  const words = { where: `account ${account}, ${region}`, missing: [], absent: [] };
  return { ...gathered, scope: { ...words, account, region } };
};

const fromEverywhere: Gather = async (environment, idleDays, context) => {
  const { parts, ...gathered } = await gatherEverywhere(environment, idleDays, context);
  const words = {
    where: readInWords(parts),
    missing: missingInWords(parts),
    absent: absentInWords(parts),
  };
  return { ...gathered, scope: { ...words, parts: parts.map(stateOf) } };
};

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
