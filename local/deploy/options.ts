import { parseArgs } from 'node:util';

/** What the local deployment was asked to do. */
export interface DeployOptions {
  /** Stop after the first keys, and leave everything running until Ctrl-C. */
  readonly keep: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run deploy:local -- [options]

Deploys a fleet to an emulated AWS on this machine, lives through two rotations
and removes it again: about three minutes. Nothing leaves this machine.

  --keep   stop after the first keys, leave it running until Ctrl-C, and print
           what another terminal needs to try the command line on it
  --help   show this
`;

/** Reads the command line. @throws Error for anything it does not know */
export function parseOptions(argv: readonly string[]): DeployOptions {
  const { values } = parseArgs({
    args: [...argv],
    allowPositionals: false,
    options: { keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  return { keep: values.keep ?? false, help: values.help ?? false };
}
