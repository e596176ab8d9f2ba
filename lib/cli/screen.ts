import { CLI_COMMAND } from '../domain/wording/cli-command';
import { clean, layOut } from './style';
import type { Progress, Terminal } from './terminal';

/**
 * A terminal that is given texts as they come. What reaches the screen is laid out for its width, and only shown, never obeyed. A machine that reads JSON gets no
 * notes and no progress. Commands of this program are shown as the person called it: `call` stands for the usual one.
 */
export function onScreen(
  terminal: Terminal,
  { json, call = CLI_COMMAND }: { readonly json: boolean; readonly call?: string },
): Terminal {
  const told = (raw: string) => clean(raw).replaceAll(CLI_COMMAND, call);
  const text = (raw: string) => layOut(told(raw), terminal.columns);
  const line = (raw: string) => told(raw).replace(/\s+/g, ' ');
  return {
    interactive: terminal.interactive,
    columns: terminal.columns,
    colour: terminal.colour,
    interrupted: terminal.interrupted,
    print: (raw) => terminal.print(text(raw)),
    note: (raw) => {
      if (!json) terminal.note(text(raw));
    },
    complain: (raw) => terminal.complain(text(raw)),
    hidden: (question) => terminal.hidden(line(question)),
    // The answer stands behind the question: ` [y/N] y`.
    confirm: (question) => terminal.confirm(layOut(line(question), terminal.columns - 8)),
    piped: () => terminal.piped(),
    progress: (raw) => (json ? SILENT : progressOf(terminal.progress(line(raw)), line)),
  };
}

const SILENT: Progress = { show: () => {}, done: () => {}, failed: () => {}, stop: () => {} };

const progressOf = (progress: Progress, line: (raw: string) => string): Progress => ({
  show: (raw) => progress.show(line(raw)),
  done: (raw) => progress.done(line(raw)),
  failed: (raw) => progress.failed(line(raw)),
  stop: () => progress.stop(),
});
