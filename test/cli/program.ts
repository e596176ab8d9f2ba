import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../packaging/bundles';

let building: Promise<string> | undefined;

/**
 * The command line as one file, as the package has it: it starts in a fraction of the time that a checkout takes. It is built from the source of now,
 * once in each test file that asks for it, so that none runs an older one.
 */
export function packagedProgram(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await commandLine(folder);
  return join(folder, 'cli.js');
}
