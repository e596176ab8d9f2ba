import { join } from 'node:path';

const CHECKOUT = join(__dirname, '../..');

/** Where commands are called from: this checkout, with its `keys.yaml`. */
export const homeFolder = () => CHECKOUT;

/** How a shell starts the command line. The package has `packaging/program.ts` in place of this file. */
export const PROGRAM: readonly string[] = [
  join(CHECKOUT, 'node_modules/.bin/tsx'),
  join(CHECKOUT, 'bin/anthropic-keys.ts'),
];
