import { VERBS } from '../../lib/cli/verbs';

/** Documents that are not one command's own, and those that a command prints with certain options. */
const OTHERS = [
  ['plan/1', '`--dry-run` of any command that changes something: `plan`, a sentence per step'],
  ['error/1', 'any command that failed: `error`, in words'],
  ['page/1', '`report --html`'],
  ['audit/1', '`report --audit`'],
  [
    'fleets/1',
    '`status --everywhere`: `complete`, and in `parts` the fleet of each place, or why it was not read',
  ],
  ['ticket-list/1', '`tickets --print`'],
] as const;

/** The table of JSON documents in docs/cli.md. */
export const documentTable = () =>
  [
    '| Printed by | `schema` |',
    '|---|---|',
    ...[...VERBS.map(({ name, document }) => [document, `\`${name}\``] as const), ...OTHERS].map(
      ([document, by]) => `| The JSON of ${by} | \`anthropic-key-rotation/${document}\` |`,
    ),
    '',
  ].join('\n');

/** The table of commands in docs/cli.md: what help says about each, in the order of help. */
export const commandTable = () =>
  [
    '| Command | What it does |',
    '|---|---|',
    ...VERBS.map(
      ({ name, argument, summary }) => `| \`${argument ? `${name} ${argument[0]}` : name}\` | ${summary} |`,
    ),
    '',
  ].join('\n');
