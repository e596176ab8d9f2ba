import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { FUNCTION_NODE } from '../lib/contract/names';
import { findNode } from '../test/nodes/find-node';

const OUT = join(__dirname, '../out');

/** A program that figures need. */
interface Found {
  readonly command: string;
  /** What it says of itself. */
  readonly version: string;
}

/** The first of them that answers to these words with success, and its answer. */
const firstOf = (
  commands: readonly (string | undefined)[],
  ...words: readonly string[]
): Found | undefined => {
  for (const command of commands) {
    if (command === undefined) continue;
    const { status, stdout } = spawnSync(command, words, { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
};

/** The Node.js for functions, with a note if it is not the one that they run on. */
export function functionNode(): { readonly command: string; readonly note?: string } {
  const note = `On Node.js ${process.versions.node}, because there is no Node.js ${FUNCTION_NODE} here`;
  return findNode(FUNCTION_NODE) ?? { command: process.execPath, note };
}

/** A Python with boto3, by its own path: the one that PYTHON names, the one that `.ci/run` makes, or python3. */
export function findPython(): Found | undefined {
  const found = firstOf(
    [process.env.PYTHON, join(OUT, 'python/bin/python'), 'python3'],
    '-c',
    'import platform, boto3, sys; print(sys.executable, platform.python_version(), "with boto3", boto3.__version__)',
  );
  const [command = '', ...version] = found?.version.split(' ') ?? [];
  return found && { command, version: version.join(' ') };
}

/** The AWS command line, with what a script uses beside it: below `out`, beside python3, or on PATH. */
export function findAwsCli(): Found | undefined {
  if (!firstOf(['curl'], '--version') || !firstOf(['jq'], '--version')) return undefined;
  const python = firstOf(['python3'], '-c', 'import sys; print(sys.executable)')?.version;
  const beside = python && join(dirname(python), 'aws');
  const onPath = firstOf(['bash'], '-c', 'command -v aws')?.version;
  const found = firstOf([join(OUT, 'python/bin/aws'), beside, onPath], '--version');
  return found && { ...found, version: found.version.replace(/^aws-cli\/(\S+).*/s, '$1') };
}
