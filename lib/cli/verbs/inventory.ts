import { differencesFrom } from '../../domain/inventory/comparison';
import { INVENTORY_FLAGS, type InventoryFlag, needsPerson } from '../../domain/inventory/flags';
import { IDLE_DAYS } from '../../domain/inventory/inventory';
import type { NotAsked } from '../../workflows/ask-organizations';
import type { CliContext } from '../context';
import { EXIT, type ExitCode, UsageError } from '../exit-code';
import { toCsv } from '../inventory/csv';
import { INVENTORY_DOCUMENT, readFormer } from '../inventory/former';
import { type Gathered, gatherInventory } from '../inventory/gather';
import { renderInventory, withFlag } from '../inventory/inventory-table';
import { readNumber } from '../read-options';
import { didYouMean } from '../suggest';
import { waitFor } from '../terminal';
import type { Options, Verb } from '../verb';

interface Intent {
  readonly environment?: string;
  readonly idleDays: number;
  readonly flag?: InventoryFlag;
  /** A file, or `-` for the output. */
  readonly csv?: string;
  readonly since?: string;
}

/** The days of usage that Anthropic can be asked for are some more. */
const IDLE_BOUNDS = [1, 180] as const;

/** Lists every key of the organization. */
export const inventory: Verb<Intent> = {
  name: 'inventory',
  summary: 'list every key of the organization: managed, unmanaged, idle, without an owner',
  about:
    'Has the function with Admin access list every key of the organization, and says which secret holds it, who created it, when it was used last, and what changed in the last week. No value of a key is read. An organization that several environments share is asked once. Exit code 3 means that a person has to decide about a key: its creator is gone, or it has no owner. 2 means that nothing could be asked, and 4 that an environment could not.',
  argument: ['[environment]', 'whose organization is meant; default: those of all that have keys here'],
  options: [
    ['--idle-days <number>', `days without use after which a key counts as idle; default: ${IDLE_DAYS}`],
    ['--flag <name>', `only keys with this flag: ${INVENTORY_FLAGS.map(({ flag }) => flag).join(', ')}`],
    ['--csv <file>', 'also write the keys to a file as CSV; - prints it instead'],
    ['--since <file>', 'also say what is different since an earlier `inventory --json`'],
  ],
  policy: 'responder',
  examples: [
    'inventory',
    'inventory prod --flag never-used',
    'inventory --csv keys.csv',
    'inventory --json > keys.json',
    'inventory --since keys.json',
  ],
  seeAlso: ['status', 'report', 'adopt'],
  document: INVENTORY_DOCUMENT,
  read: (environment, options) => ({
    ...(environment !== undefined && { environment }),
    idleDays:
      options.idleDays === undefined
        ? IDLE_DAYS
        : readNumber(String(options.idleDays), 'idleDays', IDLE_BOUNDS),
    ...readFlag(options),
    ...(typeof options.csv === 'string' && { csv: options.csv }),
    ...(typeof options.since === 'string' && { since: options.since }),
  }),
  async prepare({ environment, idleDays, flag, csv, since }, context) {
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
  },
};

function exitOf({ inventory, notAsked }: Gathered): ExitCode {
  if (notAsked.some(isMissing)) return EXIT.incomplete;
  return inventory.rows.some(needsPerson) ? EXIT.attention : EXIT.fine;
}

/** To deploy without Admin access is a choice. */
const isMissing = ({ why }: NotAsked) => why !== 'no-admin-access';

function readFlag({ flag }: Options): Pick<Intent, 'flag'> {
  if (flag === undefined) return {};
  const names = INVENTORY_FLAGS.map((row) => row.flag);
  const known = names.find((name) => name === flag);
  if (known) return { flag: known };
  throw new UsageError(
    `--flag takes one of ${names.join(', ')}; not ${JSON.stringify(flag)}. ${didYouMean(String(flag), names) ?? ''}`.trimEnd(),
  );
}

async function readEarlier(file: string, { readFile }: CliContext): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(
      `--since: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
