import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { functionBuild } from '../../lib/constructs/function-bundle';
import { commandLine } from '../../packaging/bundles';
import { ROOT } from '../root';
import { DIRECT_DEPENDENCIES, LOADED_BY_A_STEADY_CHECK, RESTART_DEPENDENCIES } from './bundle-dependencies';
import { sourcesIn } from './source';

const ENTRIES = readdirSync(join(ROOT, 'lambda')).map((file) => `lambda/${file}`);

/** Must never be in a function: constructs, configuration and command line. */
const KEPT_OUT = [
  'node_modules/aws-cdk-lib/',
  'node_modules/constructs/',
  'node_modules/@aws-sdk/client-cloudtrail/',
  'lib/config/',
  'lib/constructs/',
  'lib/cli/',
  'local/',
];

/** It belongs to the stack of a consumer of a key, and reads no key. */
const RESTART = 'lambda/restart.ts';

/** The one build of all functions, as it is deployed. */
const built = build({ ...functionBuild(ROOT), metafile: true, write: false });

type Output = Metafile['outputs'][string];

/** The files of a function: those that it loads at its start, or also those that it loads when it needs them. */
async function filesOf(entry: string, wanted: 'at start' | 'ever'): Promise<readonly Output[]> {
  const { outputs } = (await built).metafile;
  const found = new Set<string>();
  const follow = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind, external } of outputs[path]!.imports)
      if (!external && (wanted === 'ever' || kind === 'import-statement')) follow(next);
  };
  follow(Object.keys(outputs).find((path) => outputs[path]!.entryPoint === entry)!);
  return [...found].map((path) => outputs[path]!);
}

/** Sources with code in some files of the build. */
const sourcesOf = (files: readonly Output[]) =>
  files.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );

const bytesOf = (files: readonly Output[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

test.each(ENTRIES)('%s holds nothing that only a deployment or a person needs', async (entry) => {
  const sources = sourcesOf(await filesOf(entry, 'ever'));
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((source) => KEPT_OUT.some((part) => source.startsWith(part)))).toEqual([]);
});

/** The SDK asks it for the name of a browser. */
const ONLY_IN_BROWSERS = /^node_modules\/bowser\//;

test.each([
  ['the functions', async () => (await built).metafile],
  ['the command line', async () => commandLine(mkdtempSync(join(tmpdir(), 'command-line-')))],
])('%s import no CommonJS package dynamically, which would have no names', async (_, metafile) => {
  const { inputs, outputs } = await metafile();
  const entries = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  const named = entries.filter((entry) => inputs[entry]?.format === 'cjs');
  expect(entries.length).toBeGreaterThan(5);
  expect(named.filter((entry) => !ONLY_IN_BROWSERS.test(entry))).toEqual([]);
});

test('the functions are complete: they need only Node.js itself', async () => {
  const { outputFiles, metafile } = await built;
  const outside = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external }) => external)
    .map(({ path }) => path);
  const { builtinModules } = await import('node:module');
  expect(outside.filter((path) => !builtinModules.includes(path.replace(/^node:/, '')))).toEqual([]);
  // What esbuild writes for a `require` that would fail in an ES module.
  expect(outputFiles.filter(({ text }) => text.includes('Dynamic require of'))).toEqual([]);
});

test('all functions together stay below 1.05 megabytes, for a quick download', async () => {
  expect(bytesOf(Object.values((await built).metafile.outputs))).toBeLessThan(1_050_000);
});

test.each(ENTRIES)('%s loads less than 600 kB at its start, for a quick import', async (entry) => {
  expect(bytesOf(await filesOf(entry, 'at start'))).toBeLessThan(600_000);
});

test('what a check loads at its start is what a steady check uses', async () => {
  const sources = sourcesOf(await filesOf('lambda/check.ts', 'at start'));
  const packages = sources.flatMap((source) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(LOADED_BY_A_STEADY_CHECK);
});

test.each(ENTRIES)('%s loads `node:http` with its first request', async (entry) => {
  // As an ES module, it loads all of undici (40 ms), for three names that nobody imports.
  const asked = (await filesOf(entry, 'at start')).flatMap(({ imports }) => imports);
  const early = asked.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
  expect(early).toContain('node:https');
  expect(early.filter((path) => /^(node:)?http$/.test(path))).toEqual([]);
});

test('no package is in the functions twice', async () => {
  const sources = sourcesOf(Object.values((await built).metafile.outputs));
  expect(sources.filter((source) => source.split('node_modules/').length > 2)).toEqual([]);
});

/** Packages that our own code brings into some of the bundles. */
async function broughtInto(wanted: (entry: string) => boolean): Promise<readonly string[]> {
  const files = await Promise.all(ENTRIES.filter(wanted).map((entry) => filesOf(entry, 'ever')));
  const inside = new Set(files.flat().flatMap(({ inputs }) => Object.keys(inputs)));
  const direct = sourcesIn('lib', 'lambda')
    .filter(({ file }) => inside.has(file))
    .flatMap(({ imports }) => imports)
    .filter(({ of, ours, typeOnly }) => !ours && !typeOnly && !of.startsWith('node:'))
    .map(({ of }) => packageOf(of));
  return [...new Set(direct)].sort();
}

test('the packages that our own code brings into the functions are the eight that have a reason', async () => {
  expect(await broughtInto((entry) => entry !== RESTART)).toEqual(Object.keys(DIRECT_DEPENDENCIES).sort());
  expect(Object.keys(DIRECT_DEPENDENCIES).length).toBeLessThanOrEqual(8);
});

test('the function of RestartOnRotation has packages of its own, and nothing that reads a key', async () => {
  expect(await broughtInto((entry) => entry === RESTART)).toEqual(Object.keys(RESTART_DEPENDENCIES).sort());
});

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
