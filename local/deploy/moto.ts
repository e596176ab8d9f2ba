import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { MotoCommand } from './find-moto';

export interface Moto {
  /** `localhost`, not 127.0.0.1: the emulator takes template addresses of that host only. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface MotoOptions {
  readonly moto: MotoCommand;
  readonly port: number;
  /** Runs invocations of deployed functions. */
  readonly runtimeUrl: string;
  /** File that its log goes to. */
  readonly log: string;
}

const PATIENCE = 120_000;

/** Starts the emulator as a process of its own, and waits until it answers. */
export async function startMoto({ moto, port, runtimeUrl, log }: MotoOptions): Promise<Moto> {
  const args = [...moto.args, '--port', String(port), '--runtime', runtimeUrl];
  const server = spawn(moto.command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Credentials and profiles of the caller have no business here.
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  process.once('exit', () => server.kill('SIGKILL'));
  const written = createWriteStream(log);
  server.stdout.pipe(written, { end: false });
  server.stderr.pipe(written, { end: false });
  const ended = once(server, 'exit');
  const url = `http://localhost:${port}`;
  await answering(`${url}/moto-api/`, () => server.exitCode !== null, log);
  return {
    url,
    async stop() {
      server.kill('SIGTERM');
      await Promise.race([ended, setTimeout(5_000, undefined, { ref: false })]);
      server.kill('SIGKILL');
      written.end();
    },
  };
}

async function answering(url: string, gone: () => boolean, log: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline && !gone(); ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(100);
  }
  throw new Error(`moto did not start; see ${log}.`);
}
