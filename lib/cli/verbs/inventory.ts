import { INVENTORY_FLAGS } from '../../domain/inventory/flags';
import { IDLE_DAYS } from '../../domain/inventory/inventory';
import { UsageError } from '../exit-code';
import { INVENTORY_DOCUMENT } from '../inventory/former';
import type { InventoryIntent } from '../inventory/prepare';
import { readNumber } from '../read-options';
import { EVERYWHERE } from '../shared-options';
import { didYouMean } from '../suggest';
import type { Options, Verb } from '../verb';

/** The days of usage that Anthropic can be asked for are some more. */
const IDLE_BOUNDS = [1, 180] as const;

/** Lists every key of the organization. */
export const inventory: Verb<InventoryIntent> = {
  name: 'inventory',
  summary: 'list every key of the organization: managed, unmanaged, idle, without an owner',
  about:
    'Has the function with Admin access list every key of the organization, and says which secret holds it, who created it, when it was used last, and what changed in the last week. No value of a key is read. An organization that several environments share is asked once, with --everywhere over all accounts of keys.yaml, whose secrets are then compared, too. Exit code 3 means that a person has to decide about a key: its creator is gone, or it has no owner. 2 means that nothing could be asked, and 4 that an environment could not, or that a place could not be read.',
  argument: ['[environment]', 'whose organization is meant; default: those of all that have keys here'],
  options: [
    EVERYWHERE,
    ['--idle-days <number>', `days without use after which a key counts as idle; default: ${IDLE_DAYS}`],
    ['--flag <name>', `only keys with this flag: ${INVENTORY_FLAGS.map(({ flag }) => flag).join(', ')}`],
    ['--csv <file>', 'also write the keys to a file as CSV; - prints it instead'],
    ['--since <file>', 'also say what is different since an earlier `inventory --json`'],
  ],
  policy: 'responder',
  examples: [
    'inventory',
    'inventory prod --flag never-used',
    'inventory --everywhere',
    'inventory --csv keys.csv',
    'inventory --json > keys.json',
    'inventory --since keys.json',
  ],
  seeAlso: ['status', 'report', 'adopt'],
  document: INVENTORY_DOCUMENT,
  offline: ({ everywhere }) => everywhere === true,
  read: (environment, options) => ({
    ...(environment !== undefined && { environment }),
    ...(options.everywhere === true && { everywhere: true }),
    idleDays:
      options.idleDays === undefined
        ? IDLE_DAYS
        : readNumber(String(options.idleDays), 'idleDays', IDLE_BOUNDS),
    ...readFlag(options),
    ...(typeof options.csv === 'string' && { csv: options.csv }),
    ...(typeof options.since === 'string' && { since: options.since }),
  }),
  // Loaded then: no other command needs it.
  prepare: async (intent, context) =>
    (await import('../inventory/prepare.ts')).prepareInventory(intent, context),
};

function readFlag({ flag }: Options): Pick<InventoryIntent, 'flag'> {
  if (flag === undefined) return {};
  const names = INVENTORY_FLAGS.map((row) => row.flag);
  const known = names.find((name) => name === flag);
  if (known) return { flag: known };
  throw new UsageError(
    `--flag takes one of ${names.join(', ')}; not ${JSON.stringify(flag)}. ${didYouMean(String(flag), names) ?? ''}`.trimEnd(),
  );
}
