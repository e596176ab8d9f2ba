import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { functionBuild } from '../lib/constructs/function-bundle';
import { ROOT } from '../test/root';

/** Bundles the functions into a folder as they are deployed, and returns the file that Lambda imports for a check. */
export function buildCheck(outdir: string): string {
  buildSync({ ...functionBuild(ROOT), outdir });
  return join(outdir, 'check/index.mjs');
}

/** Bundles another program by the options of the functions, and returns its file. */
export function buildLikeCheck(outdir: string, source: string): string {
  buildSync({ ...functionBuild(ROOT), outdir, entryPoints: { like: source } });
  return join(outdir, 'like.mjs');
}
