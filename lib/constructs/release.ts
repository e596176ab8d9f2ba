import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The release of this package. Read, not imported: apps that use the constructs need no compiler option for JSON. */
export const release = (): string =>
  JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version;
