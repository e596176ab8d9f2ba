import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { onPath } from './find-moto';

/** The shells that the mails name. */
export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** Without the user's own settings, so that every machine shows the same. */
const START: Record<Shell, string> = { bash: 'bash --noprofile --norc -i', zsh: 'zsh -f -i' };

/** Shells that are here, with a terminal to run them in. */
export const shellsHere = (): readonly Shell[] =>
  onPath('script') ? SHELLS.filter((shell) => onPath(shell)) : [];

/** What one person does in a terminal. */
export interface Session {
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string>>;
  /** Pasted as a whole. */
  readonly block: string;
  /** Typed when the block asks for it. */
  readonly answer?: { readonly to: string; readonly text: string };
}

const PATIENCE = 60_000;

/** Sits at an interactive shell on a terminal of its own, and returns what the screen showed. */
export async function typeInto({ shell, env, block, answer }: Session): Promise<string> {
  const command =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', ...START[shell].split(' ')]
      : ['-qfec', START[shell], '/dev/null'];
  const terminal = spawn('script', command, { env: { ...env, TERM: 'dumb', PS1: '> ' }, timeout: PATIENCE });
  let screen = '';
  terminal.stdout.on('data', (shown: Buffer) => {
    screen += shown.toString();
  });
  const ended = once(terminal, 'close');
  const shows = async (text: string) => {
    while (!visible(screen).endsWith(text) && terminal.exitCode === null) await setTimeout(20);
  };
  await shows('> ');
  terminal.stdin.write(`${block}\n`);
  if (answer) {
    await shows(answer.to);
    // The terminal shows the question before it stops showing what is typed; nobody types that fast.
    await setTimeout(200);
    terminal.stdin.write(`${answer.text}\n`);
  }
  terminal.stdin.write('exit\n');
  await ended;
  return screen;
}

/** What is left of a screen without the sequences that move its cursor and set its modes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with the control character escape
const visible = (screen: string) => screen.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
