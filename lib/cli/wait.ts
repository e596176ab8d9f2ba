import { Interrupted } from './exit-code';
import type { Terminal } from './terminal';

/** Waits for work until Ctrl-C. The work itself then goes on. @throws Interrupted */
export function orInterrupted<T>(work: Promise<T>, { interrupted }: Terminal, message?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted(message));
    if (interrupted.aborted) stop();
    interrupted.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', stop));
  });
}

/** Waits for work like `orInterrupted`, and shows `text` meanwhile. */
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
