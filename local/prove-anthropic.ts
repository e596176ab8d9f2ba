import { createInterface } from 'node:readline/promises';
import password from '@inquirer/password';
import { createKeyProbe } from '../lib/adapters/anthropic-probe';
import { systemClock as clock } from '../lib/adapters/system-clock';
import { prove, renderEstablished } from './prove';

async function main(): Promise<number> {
  if (!process.stdin.isTTY) {
    console.error('Run this in a terminal: a hidden prompt asks for the key.');
    return 2;
  }
  const baseURL = process.env.ROTATION_ANTHROPIC_URL ?? 'https://api.anthropic.com';
  const prover = {
    hidden: (message: string) => password({ message }),
    enter: async (question: string) => {
      const terminal = createInterface(process.stdin, process.stdout);
      await terminal.question(`${question} `).finally(() => terminal.close());
    },
    say: (line: string) => console.log(line),
  };
  const established = await prove(prover, createKeyProbe({ baseURL, clock }), clock);
  if (!established) return 1;
  console.log(renderEstablished(established));
  return established.last.kind === 'DEAD' ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const aborted = error instanceof Error && error.name === 'ExitPromptError';
    console.error(aborted ? 'Nothing was done.' : 'The command failed unexpectedly.');
    process.exitCode = 1;
  },
);
