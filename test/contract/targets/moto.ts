import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { findMoto, MOTO_MISSING, onPath } from '../../../local/deploy/find-moto';
import { freePort } from '../../../local/deploy/free-port';
import type { ContractWorld, Target } from '../world';
import { clientsOf } from './clients';
import { MENDED_MOTO_DIFFERENCES, MOTO_DIFFERENCES } from './moto-differences';
import { WALL_CLOCK } from './wall-clock';

/** moto, an independent implementation of the same services, as a process of its own on loopback. */
export const MOTO: Target = {
  name: 'moto',
  unavailable: onPath('moto_server')
    ? undefined
    : 'moto_server is not on PATH, so the contract is not held against it. Install it with: pip install "moto[server]==5.2.1"',
  differences: MOTO_DIFFERENCES,
  rotates: true,
  start: () => serve('moto_server', (port) => ['-H', '127.0.0.1', '-p', port]),
};

const mended = findMoto();

/** moto as local/moto mends it, which `npm run deploy:local` deploys to. */
export const MENDED_MOTO: Target = {
  name: 'mended moto',
  unavailable: mended ? undefined : MOTO_MISSING,
  differences: MENDED_MOTO_DIFFERENCES,
  rotates: true,
  start: () => serve(mended!.command, (port) => [...mended!.args, '-p', port]),
};

async function serve(command: string, args: (port: string) => readonly string[]): Promise<ContractWorld> {
  const port = await freePort();
  const server = spawn(command, args(String(port)), { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(`${endpoint}/moto-api/`);
  const config = {
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'contract', secretAccessKey: 'none' },
  };
  const stop = async () => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return { ...clientsOf(config, stop), clock: WALL_CLOCK };
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(200);
  }
  throw new Error(`moto did not answer at ${url} within 30 seconds.`);
}
