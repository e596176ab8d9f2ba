import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** The whole environment: nothing of the caller's leaks in. */
  readonly env: Readonly<Record<string, string>>;
  /** @default the repository */
  readonly cwd?: string;
  /** What is written to its standard input. @default nothing */
  readonly input?: string;
}

/** Runs a program to its end, and says how it went without judging. */
export async function ask(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Answer> {
  const child = spawn(command, args, { env: options.env, cwd: options.cwd, stdio: 'pipe' });
  child.stdin.on('error', () => {}); // It may end without reading all of its input.
  child.stdin.end(options.input ?? '');
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Runs a program that has to succeed. @throws Error with the end of what it said */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const answer = await ask(command, args, options);
  if (answer.code === 0) return answer.stdout;
  const said = `${answer.stdout}\n${answer.stderr}`.trim().slice(-4000);
  throw new Error(`${[command, ...args].join(' ')} ended with ${answer.code}:\n${said}`);
}
