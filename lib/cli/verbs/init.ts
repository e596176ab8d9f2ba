import { join, resolve } from 'node:path';
import { name as PACKAGE } from '../../../package.json';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { continued, quote } from '../../domain/wording/commands';
import { enumerated } from '../../domain/wording/text';
import type { CliContext } from '../context';
import { EXIT, UsageError } from '../exit-code';
import { layFiles, textOf } from '../init/lay';
import { dependenciesOf, sourceOf, tarballIn } from '../init/source';
import { COMPANIONS, FILL_IN, templates } from '../init/templates';
import type { Verb } from '../verb';

interface Intent {
  readonly folder: string;
  /** Only the workflow: what else there is has content of people's own by then. */
  readonly workflow: boolean;
}

/** Where GitHub looks for a workflow. */
const WORKFLOW_FILE = '.github/workflows/anthropic-keys.yml';

/** Writes the files of a repository that deploys keys with the installed package: no fork, and no copy of this project. */
export const init: Verb<Intent> = {
  name: 'init',
  summary: 'write the files of a repository of your own, which deploys with this package',
  about:
    'Writes keys.yaml, bin/app.js, cdk.json, package.json and .gitignore into a folder: all of them or none, and never over a file that is there. A package.json that names this package already stays as it is. It needs no AWS credentials. Then fill in keys.yaml; until then synthesis refuses it and names each line. --github-workflow writes one other file instead: the workflow that keeps an issue for each finding.',
  argument: ['[folder]', 'where to (default: the current folder)'],
  options: [['--github-workflow', `write only ${WORKFLOW_FILE}, into a repository that has the other files`]],
  examples: ['init', 'init ../our-anthropic-keys', 'init --dry-run', 'init --github-workflow'],
  seeAlso: ['doctor', 'submit', 'tickets'],
  document: 'init/1',
  offline: () => true,
  read: (folder = '.', { githubWorkflow }) => ({ folder, workflow: githubWorkflow === true }),
  async prepare({ folder, workflow }, context) {
    const missing = workflow ? [] : companionsMissingIn(await textOf(join(folder, 'package.json')));
    // A package.json that names the package stays as it is.
    const files = workflow
      ? { [WORKFLOW_FILE]: (await import('../init/workflow.ts')).WORKFLOW }
      : templates(missing ? '' : await sourceOf(context.installation, folder));
    const found = await Promise.all(
      Object.keys(files).map(async (path) => [path, await textOf(join(folder, path))] as const),
    );
    const existing = new Map(found.filter((each): each is [string, string] => each[1] !== undefined));
    const taken = [...existing].filter(
      ([path, text]) => text !== files[path] && !(path === 'package.json' && missing),
    );
    if (taken.length > 0)
      throw new UsageError(
        `${enumerated(taken.map(([path]) => join(folder, path)))} ${taken.length > 1 ? 'are' : 'is'} there already, with content of ${taken.length > 1 ? 'their' : 'its'} own. Nothing was written. ${workflow ? 'To have the new one, rename it first; then bring over what is yours.' : `Name a folder without them: ${CLI_COMMAND} init <folder>`}`,
      );
    const laid = Object.fromEntries(Object.entries(files).filter(([path]) => !existing.has(path)));
    const paths = Object.keys(laid);
    const next = workflow ? [] : nextCommands(folder, missing ?? [], await tarballToPack(context));
    return {
      steps: [
        paths.length > 0
          ? `Write ${enumerated(paths.map((path) => join(folder, path)))}.`
          : 'Nothing: all is there.',
        ...(existing.size > 0 ? [`Leave ${enumerated([...existing.keys()])} as it is.`] : []),
      ],
      readsOnly: true,
      async execute() {
        await layFiles(folder, laid);
        return {
          exit: EXIT.fine,
          json: { folder, wrote: paths, kept: [...existing.keys()], next },
          text: ({ good }) =>
            [
              good(
                paths.length > 0
                  ? `Wrote ${enumerated(paths.map((path) => join(folder, path)))}.`
                  : 'Nothing to write: all is there already.',
              ),
              '',
              workflow
                ? `Fill in ${WORKFLOW_FILE}, where it says ${FILL_IN}: docs/tickets.md says how the role is made. It runs once it is on the default branch.`
                : `Fill in keys.yaml, where it says ${FILL_IN}. Then:`,
              ...next.map((command) => `  ${command.replaceAll('\n', '\n  ')}`),
            ].join('\n'),
        };
      },
    };
  },
};

/**
 * Packages that a package.json of people's own lacks, as npm installs them; undefined unless it names our package. Whoever installed us in the folder has
 * such a file already.
 */
function companionsMissingIn(manifest: string | undefined): readonly string[] | undefined {
  if (manifest === undefined) return undefined;
  const named = dependenciesOf(manifest);
  if (named[PACKAGE] === undefined) return undefined;
  return Object.entries(COMPANIONS).flatMap(([name, version]) =>
    named[name] === undefined ? `${name}@${version}` : [],
  );
}

/** The command that packs the tarball, where there is a checkout and none is packed. */
async function tarballToPack({ installation }: CliContext): Promise<string | undefined> {
  const { repository, isCheckout } = installation;
  if (!isCheckout || (await exists(tarballIn(repository)))) return undefined;
  return `npm --prefix ${quote(repository)} run package`;
}

const exists = async (path: string) => (await textOf(path)) !== undefined;

function nextCommands(
  folder: string,
  missing: readonly string[],
  pack: string | undefined,
): readonly string[] {
  return [
    ...(pack ? [pack] : []),
    ...(resolve(folder) === resolve('.')
      ? []
      : [`cd ${quote(folder.startsWith('-') ? `./${folder}` : folder)}`]),
    missing.length > 0 ? continued(['npm install', '--save-exact', ...missing]) : 'npm install',
    'npx cdk synth -q',
    'npx cdk deploy --all',
  ];
}
