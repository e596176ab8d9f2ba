import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { functionBuild } from '../lib/constructs/function-bundle';
import { FUNCTION_NODE } from '../lib/contract/names';
import { ROOT } from '../test/root';

/** Bundles the functions into a folder as they are deployed, and returns the file that Lambda imports for a check. */
export function buildCheck(outdir: string): string {
  const { metafile } = buildSync({ ...functionBuild(ROOT), outdir, metafile: true });
  const [file] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === CHECK) ?? [];
  if (!file) throw new Error(`esbuild made nothing of ${CHECK}.`);
  return join(ROOT, file);
}

const CHECK = 'lambda/check.ts';

/** Bundles another program by the options of the functions, and returns its file. Not split, it is the one file that most people deploy. */
export function buildLikeCheck(outdir: string, source: string, splitting: boolean): string {
  buildSync({ ...functionBuild(ROOT), outdir, splitting, entryPoints: { like: source } });
  return join(outdir, 'like.mjs');
}

/** Bundles the handler of `bench/peers` as `NodejsFunction` of the CDK does by default, but with the clients inside: from outside they load more slowly. */
export function buildNaive(outdir: string): string {
  const outfile = join(outdir, 'naive.js');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['bench/peers/naive-handler.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: `node${FUNCTION_NODE}`,
    format: 'cjs',
    logLevel: 'warning',
  });
  return outfile;
}
