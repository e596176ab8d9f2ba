import { createInterface } from 'node:readline/promises';
import { VERSION as SDK } from '@anthropic-ai/sdk/version';
import password from '@inquirer/password';
import { systemClock as clock } from '../lib/adapters/system-clock';
import { VERSION } from '../lib/cli/version';
import { proveAnthropic } from './prove/anthropic';
import { keep } from './prove/keep';
import { Proof } from './prove/proof';

async function main(): Promise<number> {
  if (!process.stdin.isTTY) {
    console.error('Run this in a terminal: a hidden prompt asks for the key.');
    return 2;
  }
  const baseURL = process.env.ROTATION_ANTHROPIC_URL ?? 'https://api.anthropic.com';
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const prover = {
    hidden: (message: string) => password({ message }),
    line: async (question: string) => {
      const terminal = createInterface(process.stdin, process.stdout);
      terminal.once('SIGINT', () => stop.abort());
      return terminal.question(`${question} `, stop).finally(() => terminal.close());
    },
    say: (line: string) => console.log(line),
  };
  const sdk = `@anthropic-ai/sdk ${SDK}`;
  const proof = new Proof({
    proof: 'prove:anthropic',
    date: clock.now(),
    release: VERSION,
    sdk,
    stop: stop.signal,
  });
  try {
    return (await proveAnthropic({ prover, baseURL, clock, proof })) ? 0 : 1;
  } finally {
    console.log(keep(proof.document()));
    console.log(
      'Archive the throw-away key in the Console now, and the Admin API key if you made one for this.',
    );
  }
}

main().then(
  (code) => process.exit(code),
  () => {
    console.error('The command failed unexpectedly.');
    process.exit(1);
  },
);
