import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OUT = join(__dirname, '../out');

/** A program that figures need, and what it says of its version. */
export interface Found {
  readonly command: string;
  readonly version: string;
}

/** The first of them that answers to these words with success. */
const firstOf = (commands: readonly (string | undefined)[], ...words: string[]): Found | undefined => {
  for (const command of commands) {
    if (command === undefined) continue;
    const { status, stdout } = spawnSync(command, words, { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
};

const node24Below = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith('node-'))
        .map((name) => join(folder, name, 'bin/node'))
    : [];

/** Node.js 24, which the functions run on: the one that NODE24 names, this one, or the one below `out`. */
export function findNode24(): Found | undefined {
  const found = firstOf(
    [process.env.NODE24, process.execPath, ...node24Below(join(OUT, 'node24/node_modules'))].filter(isNode24),
    '--version',
  );
  return found && { ...found, version: found.version.slice(1) };
}

const isNode24 = (command: string | undefined) =>
  command !== undefined && firstOf([command], '--version')?.version.startsWith('v24.');

/** A Python with boto3: the one that PYTHON names, the one that `.ci/run` makes, or python3. */
export const findPython = (): Found | undefined =>
  firstOf(
    [process.env.PYTHON, join(OUT, 'python/bin/python'), 'python3'],
    '-c',
    'import platform, boto3, sys; print(platform.python_version() + " with boto3 " + boto3.__version__)',
  );

/** The AWS command line: beside that Python, or on PATH. */
export function findAwsCli(): Found | undefined {
  const found = firstOf([join(OUT, 'python/bin/aws'), 'aws'], '--version');
  return found && { ...found, version: found.version.replace(/^aws-cli\/(\S+).*/, '$1') };
}
