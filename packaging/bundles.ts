import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { KNOWN_REGIONS } from '../lib/config/known-regions';
import { functionBuild } from '../lib/constructs/function-bundle';
import { ENTRIES, type Entry, ROOT, STAGED } from './entries';

/** Files that are others in the package than in a checkout, so that neither looks at run time which of the two it is. */
const EXCHANGED: Readonly<Record<string, () => string>> = {
  'lib/constructs/function-bundle.ts': () => sourceOf('function-bundle.ts'),
  'lib/config/known-regions.ts': () => `export const KNOWN_REGIONS = ${JSON.stringify(KNOWN_REGIONS)};`,
};

const sourceOf = (file: string) => readFileSync(join(__dirname, file), 'utf8');

const exchange: Plugin = {
  name: 'exchange',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const replacement = EXCHANGED[relative(ROOT, path)];
      return replacement && { contents: replacement(), loader: 'ts', resolveDir: __dirname };
    });
  },
};

const COMMON_JS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  metafile: true as const,
  // What is not ours is named with its licence in THIRD-PARTY-NOTICES.
  legalComments: 'none',
  plugins: [exchange],
  logLevel: 'warning',
} satisfies BuildOptions;

/** Writes all JavaScript of the package, and says what is in it. */
export async function writeBundles(): Promise<readonly Metafile[]> {
  const { metafile: functions } = await build({
    ...functionBuild(ROOT),
    outdir: join(STAGED, 'functions'),
    metafile: true,
  });
  const bundles = await Promise.all([...ENTRIES.map(library), commandLine()]);
  const lost = Object.keys(EXCHANGED).filter((file) => !bundles.some(({ inputs }) => file in inputs));
  if (lost.length > 0) throw new Error(`Nothing was exchanged for ${lost.join(', ')}: no bundle holds it.`);
  return [functions, ...bundles];
}

async function library({ name, source, peers, needsPeers }: Entry): Promise<Metafile> {
  const { metafile } = await build({
    ...COMMON_JS,
    entryPoints: [source],
    outfile: join(STAGED, `${name}.js`),
    external: peers.flatMap((peer) => [peer, `${peer}/*`]),
    // By `require`, as every other peer: a native import is refused within jest.
    supported: { 'dynamic-import': false },
    ...(needsPeers ? { banner: { js: askForPeers(peers) } } : {}),
  });
  return metafile;
}

/** Node says "Cannot find module" of a file that nobody has heard of, with a page of stack. */
const askForPeers = (peers: readonly string[]) => `for (const peer of ${JSON.stringify(peers)}) {
  try {
    require.resolve(peer + '/package.json');
  } catch {
    const missing = 'The constructs of anthropic-key-rotation need aws-cdk-lib and constructs in your app, and ' + peer;
    const error = new Error(missing + ' is not installed: npm install aws-cdk-lib constructs');
    error.stack = error.name + ': ' + error.message;
    throw error;
  }
}`;

/**
 * `cli.js`, and in `cli/` what it loads when it needs it. In one file of three megabytes, Node took half of the time of `--help` to read what no help needs.
 * esbuild divides ES modules only, so each part is made CommonJS afterwards: a program in two formats would start more slowly, too.
 */
export async function commandLine(outdir = STAGED): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    ...COMMON_JS,
    entryPoints: { cli: 'bin/anthropic-keys.ts' },
    outdir,
    chunkNames: 'cli/[name]-[hash]',
    format: 'esm',
    splitting: true,
    minify: true,
    write: false,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      platform: 'node',
      format: 'cjs',
      target: COMMON_JS.target,
      supported: { 'dynamic-import': false },
      minify: true,
      logLevel: COMMON_JS.logLevel,
    });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return metafile;
}
