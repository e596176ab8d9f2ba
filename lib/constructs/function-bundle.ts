import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { FUNCTION_NODE, type FunctionRole } from '../contract/names';

const ROOT = join(__dirname, '../..');

/** A file in `lambda/`, without its extension. `restart` belongs to a consumer's stack and not to an environment. */
export type BundledFunction = FunctionRole | 'restart';

/** The one esbuild call that bundles every function below `root`, each into an `index.mjs`. The test of bundles and the package use the same. */
export const functionBuild = (root: string) =>
  ({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries(root).map((role) => [`${role}/index`, `lambda/${role}.ts`])),
    outdir: 'out/functions',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    target: `node${FUNCTION_NODE}`,
    minify: true,
    // The SDK is bundled too, because the runtime's version changes. It still calls `require` for Node's own modules.
    banner: {
      js: "import{createRequire as anthropicKeysRequire}from'node:module';const require=anthropicKeysRequire(import.meta.url);",
    },
    logLevel: 'warning',
  }) satisfies BuildOptions;

const entries = (root: string) =>
  readdirSync(join(root, 'lambda')).map((file) => basename(file, '.ts') as BundledFunction);

/** Every function below `root`, bundled from its source now. @throws Error if esbuild refuses one */
export function bundleFunctions(root: string): ReadonlyMap<BundledFunction, Uint8Array> {
  const { outputFiles } = buildSync({ ...functionBuild(root), write: false });
  return new Map(
    outputFiles.map(({ path, contents }) => [basename(join(path, '..')) as BundledFunction, contents]),
  );
}

let bundles: ReadonlyMap<BundledFunction, Uint8Array> | undefined;

/**
 * The bundle of a function. A process bundles all of them, once. The package has `packaging/function-bundle.ts` in place of this file, exchanged
 * when it is built: a checkout never reads a bundle that was made earlier.
 */
export function bundleOf(role: BundledFunction): Uint8Array {
  bundles ??= bundleFunctions(ROOT);
  const bundle = bundles.get(role);
  if (!bundle) throw new Error(`There is no lambda/${role}.ts: expected ${[...bundles.keys()].join(', ')}.`);
  return bundle;
}
