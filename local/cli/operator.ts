import { join } from 'node:path';
import { openOperator } from '../../lib/adapters/operator';
import type { CliContext } from '../../lib/cli/context';
import type { ExitCode } from '../../lib/cli/exit-code';
import { installationOf } from '../../lib/cli/installation';
import { runCli } from '../../lib/cli/main';
import { uuidFrom } from '../../lib/cli/submit/submission-token';
import type { Terminal } from '../../lib/cli/terminal';
import { environmentsIn, lookUp } from '../../lib/config/load';
import { clientConfig, type FakeAws } from '../aws';
import type { Sandbox } from '../world';
import { type Script, ScriptedTerminal } from './scripted-terminal';

const ROOT = join(__dirname, '..', '..');

/** How a command ended, and what was shown. */
export interface Ran {
  readonly exit: ExitCode;
  readonly shown: string;
  readonly printed: string;
  /** What a machine would read. */
  readonly json: () => unknown;
}

/** Files that commands wrote, by path, and the fleet file that they read. */
export type Files = Map<string, string>;

/** A person with the real command line, in the same process as a sandbox, on its clock. */
export function operatorOn(sandbox: Sandbox, name = 'ada') {
  const files: Files = new Map();
  let tokens = 0;
  const open = (aws: FakeAws) =>
    openOperator({
      aws: clientConfig(aws, name),
      anthropicUrl: sandbox.anthropic.url,
      fetch: sandbox.anthropic.fetch,
      clock: sandbox.clock,
      newToken: () => uuidFrom(`${name}/${++tokens}`),
    });
  /** What commands of this person may reach. */
  const context = (terminal: Terminal): Omit<CliContext, 'json'> => ({
    ...open(sandbox.aws),
    terminal,
    vars: {},
    installation: installationOf(join(ROOT, 'bin', 'anthropic-keys.ts')),
    writeFile: async (path, text) => void files.set(path, text),
    readFile: async (path) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`There is no file ${path}.`);
      return text;
    },
    configured: async (key, file = 'keys.yaml') =>
      files.has(file) ? lookUp(files.get(file)!, file, key) : undefined,
    declared: async (file = 'keys.yaml') =>
      files.has(file) ? environmentsIn(files.get(file)!, file) : undefined,
    connect: async (to) => open(cloudOf(sandbox, to)),
  });
  return {
    files,
    context,
    async run(argv: readonly string[], script: Script = {}): Promise<Ran> {
      const terminal = new ScriptedTerminal(script);
      const exit = await runCli(argv, terminal, async () => context(terminal));
      const { shown, printed } = terminal;
      return { exit, shown, printed, json: () => JSON.parse(printed) };
    },
  };
}

/** Where a role of the fleet file leads: to the account in its ARN. Nothing here asks whether it may be assumed. */
function cloudOf({ aws, clouds }: Sandbox, { region = aws.region, readAs }: Declared): FakeAws {
  const account = readAs && 'role' in readAs ? readAs.role.split(':')[4] : aws.accountId;
  const found = [aws, ...clouds].find((each) => each.accountId === account && each.region === region);
  if (!found) throw new Error(`Nothing is deployed in account ${account}, ${region}.`);
  return found;
}

type Declared = Parameters<CliContext['connect']>[0];
