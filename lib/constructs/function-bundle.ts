import { readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { FUNCTION_NODE, type FunctionRole } from '../contract/names';

const ROOT = join(__dirname, '../..');

/** A file in `lambda/`, without its extension. `restart` belongs to a consumer's stack and not to an environment. */
export type BundledFunction = FunctionRole | 'restart';

/** The one esbuild call that bundles every function below `root`, each into a file of its name. The test of bundles and the package use the same. */
export const functionBuild = (root: string) =>
  ({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      readdirSync(join(root, 'lambda')).map((file) => [basename(file, '.ts'), `lambda/${file}`]),
    ),
    outdir: 'out/functions',
    outExtension: { '.js': '.mjs' },
    // What the SDK imports dynamically becomes a file that is loaded when it is needed, such as the credential providers that Lambda never asks. In one
    // file, esbuild would wrap each module that they share into a function, and the import of a check would take 1.35 times as long.
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The SDK is bundled too, because the runtime's version changes.
    mainFields: ['module', 'main'],
    target: `node${FUNCTION_NODE}`,
    minify: true,
    logLevel: 'warning',
  }) satisfies BuildOptions;

/** Contents of files by their paths, with slashes. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Every function below `root`, bundled from its source now, and what they share. @throws Error if esbuild refuses one */
export function bundleFunctions(root: string): Files {
  const build = functionBuild(root);
  const outdir = join(root, build.outdir);
  return new Map(
    buildSync({ ...build, write: false }).outputFiles.map(({ path, contents }) => [
      relative(outdir, path).replaceAll(sep, '/'),
      contents,
    ]),
  );
}

let files: Files | undefined;

/**
 * The files of all functions. A process bundles them once. The package has `packaging/function-bundle.ts` in place of this file, exchanged when it is
 * built: a checkout never reads a bundle that was made earlier.
 */
export function functionFiles(): Files {
  files ??= bundleFunctions(ROOT);
  return files;
}
