import { join } from 'node:path';
import { openOperator } from '../../lib/adapters/operator';
import type { CliContext } from '../../lib/cli/context';
import type { ExitCode } from '../../lib/cli/exit-code';
import { installationOf } from '../../lib/cli/installation';
import { runCli } from '../../lib/cli/main';
import { uuidFrom } from '../../lib/cli/submit/submission-token';
import { lookUp } from '../../lib/config/load';
import { clientConfig } from '../aws';
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
export function operatorOn(
  sandbox: Sandbox,
  name = 'ada',
): { run(argv: readonly string[], script?: Script): Promise<Ran>; readonly files: Files } {
  const files: Files = new Map();
  let tokens = 0;
  return {
    files,
    async run(argv, script = {}) {
      const terminal = new ScriptedTerminal(script);
      const context = openOperator({
        aws: clientConfig(sandbox.aws, name),
        anthropicUrl: sandbox.anthropic.url,
        fetch: sandbox.anthropic.fetch,
        clock: sandbox.clock,
        newToken: () => uuidFrom(`${name}/${++tokens}`),
      });
      const writeFile = async (path: string, text: string) => void files.set(path, text);
      const readFile = async (path: string) => {
        const text = files.get(path);
        if (text === undefined) throw new Error(`There is no file ${path}.`);
        return text;
      };
      const configured: CliContext['configured'] = async (key, file = 'keys.yaml') =>
        files.has(file) ? lookUp(files.get(file)!, file, key) : undefined;
      const exit = await runCli(argv, terminal, async () => ({
        ...context,
        writeFile,
        readFile,
        configured,
        terminal,
        installation: installationOf(join(ROOT, 'bin', 'anthropic-keys.ts')),
      }));
      const { shown, printed } = terminal;
      return { exit, shown, printed, json: () => JSON.parse(printed) };
    },
  };
}
