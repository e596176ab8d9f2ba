import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export interface Watched {
  /** Arguments of processes in which the secret text was seen. */
  readonly inArguments: readonly string[];
  /** Names of processes whose environment held it. */
  readonly inEnvironments: readonly string[];
  /** Every command line that was seen at all: proof that somebody looked. */
  readonly commandLines: ReadonlySet<string>;
}

/** Whether this system shows the arguments of its processes as files. */
export const canWatch = existsSync('/proc/self/cmdline');

/** Looks at the arguments and environment of every process, again and again, while something runs. */
export async function watchArguments(secret: string, during: Promise<unknown>): Promise<Watched> {
  const inArguments = new Set<string>();
  const inEnvironments = new Set<string>();
  const commandLines = new Set<string>();
  let over = false;
  const ended = during.finally(() => {
    over = true;
  });
  while (!over && canWatch) {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const commandLine = read(`/proc/${id}/cmdline`).replaceAll('\0', ' ').trim();
      if (commandLine === '') continue;
      commandLines.add(commandLine);
      if (commandLine.includes(secret)) inArguments.add(commandLine);
      if (read(`/proc/${id}/environ`).includes(secret)) inEnvironments.add(commandLine);
    }
    await setTimeout(5);
  }
  await ended;
  return { inArguments: [...inArguments], inEnvironments: [...inEnvironments], commandLines };
}

/** Processes end while they are looked at, and those of others can't be. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
