import { VERBS } from '../../lib/cli/verbs';

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
