import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { name as PACKAGE } from '../../package.json';
import type { Installation } from './context';

/**
 * How the program in a file is installed: `bin/anthropic-keys.ts` of a checkout, which tsx runs, or the `cli.js` of the package, wherever a package
 * manager has put it.
 */
export function installationOf(program: string): Installation {
  if (program.endsWith('.ts')) {
    const repository = dirname(dirname(program));
    // tsx's own program would start Node.js a second time, at each TAB.
    const tsx = pathToFileURL(join(repository, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
    return { isCheckout: true, repository, start: ['node', '--import', tsx, program] };
  }
  const [repository = ''] = program.split(/[/\\]node_modules[/\\]/);
  // pnpm keeps packages under a folder with their version, and links them here: this path outlives an upgrade.
  const linked = join(repository, 'node_modules', PACKAGE, 'cli.js');
  const isLinked = program !== repository && existsSync(linked);
  return {
    isCheckout: false,
    repository: program === repository ? dirname(program) : repository,
    start: ['node', isLinked ? linked : program],
  };
}
