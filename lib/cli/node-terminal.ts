import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { createColors } from 'picocolors';
import { Interrupted, UsageError } from './exit-code';
import { spin } from './spinner';
import type { Progress, Terminal } from './terminal';

/** The streams of a process, and what its environment says about them. */
export interface Console {
  readonly stdin: ReadStream | NodeJS.ReadStream;
  readonly stdout: WriteStream | NodeJS.WriteStream;
  readonly stderr: WriteStream | NodeJS.WriteStream;
  /** NO_COLOR is set, or TERM is `dumb`. */
  readonly plain: boolean;
  readonly interrupted: AbortSignal;
  /** Asks on stderr without echo; rejects with an ExitPromptError on Ctrl-C. */
  readonly hidden: (question: string) => Promise<string>;
}

/** A real terminal, or pipes in its place. */
export function openTerminal(console: Console): Terminal {
  const { stdin, stdout, stderr, plain, interrupted } = console;
  const note = (text: string) => void stderr.write(`${text}\n`);
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    columns: stdout.isTTY ? Math.max(40, stdout.columns || 80) : 80,
    colour: stdout.isTTY === true && !plain,
    print: (text) => void stdout.write(`${text}\n`),
    note,
    complain: (text) => void stderr.write(`${text}\n`),
    interrupted,
    hidden: (question) => console.hidden(question).catch(asInterrupted),
    confirm: (question) => confirm(question, console),
    async piped() {
      if (stdin.isTTY)
        throw new UsageError(
          'Cannot prompt while stderr is redirected: do not redirect it, or pipe the key in.',
        );
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    progress: (text) => (stderr.isTTY ? spinner(text, console) : lines(note)),
  };
}

function asInterrupted(error: unknown): never {
  if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted();
  throw error;
}

/** If nothing can be redrawn, only what is done gets a line. */
const lines = (note: (text: string) => void): Progress => ({
  show: () => {},
  done: note,
  failed: note,
  stop: () => {},
});

function spinner(text: string, { stderr, plain }: Console): Progress {
  const { green, yellow } = createColors(true);
  if (!plain) return spin(text, stderr, { good: green, warn: yellow });
  const write = (line: string) => void stderr.write(`${line}\n`);
  write(`${text} ...`);
  return lines(write);
}

/** Anything but a yes is a no. */
function confirm(question: string, { stdin, stderr }: Console): Promise<boolean> {
  const asking = createInterface({ input: stdin, output: stderr });
  return new Promise((resolve, reject) => {
    asking.once('SIGINT', () => {
      asking.close();
      reject(new Interrupted('Stopped. Nothing was changed.'));
    });
    asking.once('close', () => resolve(false));
    asking.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      asking.close();
    });
  });
}
