import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { functionBuild } from '../../lib/constructs/function-bundle';
import { ROOT } from '../root';
import { DIRECT_DEPENDENCIES } from './bundle-dependencies';
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

/** Every deployed function, with the contents of its bundle: of one output each, and of all inputs that went into it. */
const bundled: Promise<readonly Metafile[]> = build({
  ...functionBuild(ROOT),
  metafile: true,
  write: false,
}).then(({ metafile }) => ENTRIES.map((entry) => only(entry, metafile)));

function only(entry: string, { inputs, outputs }: Metafile): Metafile {
  const [path, output] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry)!;
  const within = Object.entries(inputs).filter(([input]) => output.inputs[input]);
  return { inputs: Object.fromEntries(within), outputs: { [path]: output } };
}

test.each(ENTRIES.map((entry, index) => [entry, index] as const))(
  'the bundle of %s holds nothing that only a deployment or a person needs',
  async (_, index) => {
    const inputs = Object.keys((await bundled)[index]!.inputs);
    expect(inputs.filter((input) => KEPT_OUT.some((part) => input.startsWith(part)))).toEqual([]);
  },
);

test('a bundle is complete: it needs only Node.js itself', async () => {
  const outside = (await bundled)
    .flatMap(({ outputs }) => Object.values(outputs).flatMap(({ imports }) => imports))
    .filter(({ external }) => external)
    .map(({ path }) => path);
  const { builtinModules } = await import('node:module');
  expect(outside.filter((path) => !builtinModules.includes(path.replace(/^node:/, '')))).toEqual([]);
});

test('a bundle stays below a megabyte, for fast cold starts', async () => {
  const sizes = (await bundled).flatMap(({ outputs }) => Object.values(outputs).map(({ bytes }) => bytes));
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
});

test('the packages that our own code brings into the functions are the eight that have a reason', async () => {
  const inside = new Set((await bundled).flatMap(({ inputs }) => Object.keys(inputs)));
  const direct = sourcesIn('lib', 'lambda')
    .filter(({ file }) => inside.has(file))
    .flatMap(({ imports }) => imports)
    .filter(({ of, ours, typeOnly }) => !ours && !typeOnly && !of.startsWith('node:'))
    .map(({ of }) => packageOf(of));
  expect([...new Set(direct)].sort()).toEqual(Object.keys(DIRECT_DEPENDENCIES).sort());
  expect(Object.keys(DIRECT_DEPENDENCIES).length).toBeLessThanOrEqual(8);
});

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
