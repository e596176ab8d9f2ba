import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunctions, functionBuild } from '../../lib/constructs/function-bundle';
import { smallest } from '../constructs/fleets';
import { ROOT } from '../root';

let checkout: string;

beforeAll(() => {
  checkout = copyOfCheckout();
});

afterAll(() => rmSync(checkout, { recursive: true }));

/**
 * The sources in another folder, with this one's packages. What functions hold of them is copied: esbuild names a shared file after the paths of what
 * is in it, and would follow a link to here.
 */
function copyOfCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'another-checkout-'));
  const copy = (part: string) => cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const part of ['bin', 'lib', 'lambda', 'package.json', 'tsconfig.json']) copy(part);
  const { metafile } = buildSync({ ...functionBuild(ROOT), metafile: true, write: false });
  const bundled = Object.keys(metafile.inputs).filter((input) => input.startsWith('node_modules/'));
  for (const file of new Set(bundled.flatMap((input) => [input, ...manifestsAbove(input)]))) copy(file);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const link = join(folder, 'node_modules', name);
    if (!existsSync(link)) symlinkSync(join(ROOT, 'node_modules', name), link);
  }
  writeFileSync(join(folder, 'keys.yaml'), smallest);
  return folder;
}

/** The files by which a package says how it is resolved. */
function manifestsAbove(input: string): readonly string[] {
  const folders = input.split('/').slice(0, -1);
  return folders
    .map((_, index) => join(...folders.slice(0, index + 1), 'package.json'))
    .filter((file) => existsSync(join(ROOT, file)));
}

/** Synthesises the app of the copy: the functions, with the paths of the files that Lambda imports, and the folders of assets. */
function synthesise(context: object = {}) {
  const outdir = mkdtempSync(join(checkout, 'cdk-'));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const template = JSON.parse(readFileSync(join(outdir, 'AnthropicKeys-prod.template.json'), 'utf8'));
  const functions = Object.values<{ Type: string; Properties: FunctionProperties }>(
    template.Resources,
  ).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return {
    entries: functions.map(({ Properties: { Code, Handler } }) => [
      `asset.${Code.S3Key.replace('.zip', '')}`,
      Handler.replace(/\.handler$/, '.mjs'),
    ]),
    assets: readdirSync(outdir).filter((name) => name.startsWith('asset.')),
    outdir,
  };
}

interface FunctionProperties {
  readonly Handler: string;
  readonly Code: { readonly S3Key: string };
}

test('the same source gives the same files to the byte, from whatever folder', () => {
  const here = bundleFunctions(ROOT);
  const entries = ['admin.mjs', 'check.mjs', 'report.mjs', 'restart.mjs', 'rotate.mjs'];
  expect([...here.keys()].filter((file) => !file.startsWith('shared/')).sort()).toEqual(entries);
  const there = bundleFunctions(checkout);
  expect([...there.keys()]).toEqual([...here.keys()]);
  for (const [file, contents] of here)
    expect([file, Buffer.from(contents).equals(there.get(file)!)]).toEqual([file, true]);
});

test('an edit of a function changes the one asset of all, whatever bundles were made before', () => {
  const stale = join(checkout, 'out/package/functions');
  mkdirSync(stale, { recursive: true });
  writeFileSync(join(stale, 'check.mjs'), 'throw new Error("stale");');
  const before = synthesise();
  const source = join(checkout, 'lambda/check.ts');
  writeFileSync(source, `${readFileSync(source, 'utf8')}\nconsole.info('edited');\n`);
  const after = synthesise();
  expect([before.assets.length, after.assets.length]).toEqual([1, 1]);
  expect(after.assets).not.toEqual(before.assets);
  const [asset] = after.assets;
  expect(after.entries.sort()).toEqual(
    ['check.mjs', 'report.mjs', 'rotate.mjs'].map((file) => [asset, file]),
  );
  expect(readFileSync(join(after.outdir, asset!, 'check.mjs'), 'utf8')).toContain('edited');
});

test('a command that deploys nothing, such as `cdk ls`, bundles nothing', () => {
  expect(synthesise({ 'aws:cdk:bundling-stacks': [] }).assets).toEqual([]);
  expect(synthesise().assets.length).toBe(1);
});
