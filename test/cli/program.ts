import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import manifest from '../../package.json';
import { commandLine } from '../../packaging/bundles';

declare global {
  /** A module is loaded anew for each test file, and this outlives them. */
  var packagedProgramOfTests: Promise<string> | undefined;
}

/**
 * The command line as one file, as the package has it: it starts in a fraction of the time that a checkout takes. It is built from the source of now,
 * once in each worker of a run.
 */
export function packagedProgram(): Promise<string> {
  globalThis.packagedProgramOfTests ??= build();
  return globalThis.packagedProgramOfTests;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await commandLine(folder);
  return join(folder, 'cli.js');
}

/** Installs the command line as the package has it into a repository of people's own, which calls it as a checkout does. Returns the program's file. */
export async function install(repository: string): Promise<string> {
  const modules = join(repository, 'node_modules');
  const folder = join(modules, manifest.name);
  cpSync(dirname(await packagedProgram()), folder, { recursive: true });
  const program = join(folder, 'cli.js');
  mkdirSync(join(modules, '.bin'));
  symlinkSync(program, join(modules, '.bin', 'anthropic-keys'));
  chmodSync(program, 0o755);
  writeFileSync(
    join(repository, 'package.json'),
    JSON.stringify({
      scripts: { keys: 'anthropic-keys' },
      dependencies: { [manifest.name]: `file:vendor/${manifest.name}.tgz` },
    }),
  );
  return program;
}
