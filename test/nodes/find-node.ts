import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';

/** A Node.js of this machine. */
interface FoundNode {
  readonly command: string;
  /** Such as `24.22.3`. */
  readonly version: string;
}

const folderOf = (major: number) => join(ROOT, `out/node${major}`);

/** What npm fetched into `out`: no install script, which npm's package `node` would need. */
function fetched(major: number): readonly string[] {
  const modules = join(folderOf(major), 'node_modules');
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => name.startsWith('node-')) : [];
  return names.map((name) => join(modules, name, 'bin/node'));
}

/** A Node.js of this major version: the one that NODE22 names, for instance, the one in use, or the one below `out`. */
export function findNode(major: number): FoundNode | undefined {
  for (const command of [process.env[`NODE${major}`], process.execPath, ...fetched(major)]) {
    if (!command) continue;
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    const version = status === 0 ? stdout.trim().slice(1) : '';
    if (version.startsWith(`${major}.`)) return { command, version };
  }
  return undefined;
}

/** Has npm fetch one into `out`. Returns why there is none then. */
export function fetchNode(major: number): string | undefined {
  const name = `node-${process.platform}-${process.arch}@${major}`;
  const words = ['install', '--ignore-scripts', '--fetch-retries=0', '--prefix', folderOf(major), name];
  const { status, stderr, error } = spawnSync('npm', words, { encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return findNode(major) ? undefined : `${name}, which npm fetched, does not start`;
  const [first] = (error?.message ?? stderr).trim().split('\n');
  return `npm cannot fetch ${name}: ${first}`;
}
