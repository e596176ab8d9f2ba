import { Interrupted } from './exit-code';

/** A line that shows the progress of longer work. Silent if nobody watches. */
export interface Progress {
  /** Exchanges what the line says, where it can be drawn again. */
  show(text: string): void;
  done(text: string): void;
  failed(text: string): void;
  /** Removes the line, e.g. before a question. */
  stop(): void;
}

/** A person at a terminal, or a pipe. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** Characters per line of stdout. */
  readonly columns: number;
  /** Whether stdout takes colours. */
  readonly colour: boolean;
  print(text: string): void;
  /** Shown on the way, but not to a machine. */
  note(text: string): void;
  /** What went wrong: always shown. */
  complain(text: string): void;
  /** Asks without showing what is typed. @throws Interrupted on Ctrl-C */
  hidden(question: string): Promise<string>;
  /** @throws Interrupted on Ctrl-C */
  confirm(question: string): Promise<boolean>;
  /** Everything piped in. @throws UsageError if stdin is a terminal, which would show what is typed */
  piped(): Promise<string>;
  progress(text: string): Progress;
  /** Aborted by Ctrl-C, except during a question. */
  readonly interrupted: AbortSignal;
}

/** Waits for work until Ctrl-C. The work itself then goes on. @throws Interrupted */
export function orInterrupted<T>(work: Promise<T>, { interrupted }: Terminal, message?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted(message));
    if (interrupted.aborted) stop();
    interrupted.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', stop));
  });
}

/** Waits for work like `orInterrupted`, and shows `text` meanwhile, or what the work itself shows. */
export async function waitFor<T>(
  terminal: Terminal,
  text: string,
  work: (show: Progress['show']) => Promise<T>,
  message?: string,
): Promise<T> {
  const progress = terminal.progress(text);
  try {
    return await orInterrupted(work(progress.show), terminal, message);
  } finally {
    progress.stop();
  }
}
