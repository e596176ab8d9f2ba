import { Interrupted } from './exit-code';
import type { Terminal } from './terminal';

/** Ctrl-C ends a wait for an answer at once; what was asked for goes on by itself. */
export function orInterrupted<T>(work: Promise<T>, { interrupted }: Terminal, message?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted(message));
    if (interrupted.aborted) stop();
    interrupted.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', stop));
  });
}

/** Shows that something is going on while one waits. */
export async function waitFor<T>(
  terminal: Terminal,
  text: string,
  work: () => Promise<T>,
  message?: string,
): Promise<T> {
  const progress = terminal.progress(text);
  try {
    return await orInterrupted(work(), terminal, message);
  } finally {
    progress.stop();
  }
}
