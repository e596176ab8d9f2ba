import { spawnSync } from 'node:child_process';
import {
  cpSync,
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
import { bundleFunctions } from '../../lib/constructs/function-bundle';
import { smallest } from '../constructs/fleets';
import { ROOT } from '../root';

let checkout: string;

beforeAll(() => {
  checkout = copyOfCheckout();
});

afterAll(() => rmSync(checkout, { recursive: true }));

/** The sources in another folder, with this one's packages. */
function copyOfCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'another-checkout-'));
  for (const part of ['bin', 'lib', 'lambda', 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'keys.yaml'), smallest);
  return folder;
}

/** Synthesises the app of the copy: which code each function has, by its name, and the folders of assets. */
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
    code: new Map(
      functions.map(({ Properties: { FunctionName, Code } }) => [
        FunctionName.split('-').at(-1),
        Code.S3Key.replace('.zip', ''),
      ]),
    ),
    assets: readdirSync(outdir).filter((name) => name.startsWith('asset.')),
    outdir,
  };
}

interface FunctionProperties {
  readonly FunctionName: string;
  readonly Code: { readonly S3Key: string };
}

test('the same source gives the same bundles to the byte, from whatever folder', () => {
  const here = bundleFunctions(ROOT);
  expect([...here.keys()]).toEqual(expect.arrayContaining(['admin', 'check', 'report', 'rotate']));
  const there = bundleFunctions(checkout);
  for (const [role, bundle] of here)
    expect([role, Buffer.from(bundle).equals(there.get(role)!)]).toEqual([role, true]);
});

test('an edit of a function changes its asset and no other, whatever bundles were made before', () => {
  const stale = join(checkout, 'out/package/functions/check');
  mkdirSync(stale, { recursive: true });
  writeFileSync(join(stale, 'index.mjs'), 'throw new Error("stale");');
  const before = synthesise();
  const source = join(checkout, 'lambda/check.ts');
  writeFileSync(source, `${readFileSync(source, 'utf8')}\nconsole.info('edited');\n`);
  const after = synthesise();
  const changed = [...after.code.keys()].filter((role) => after.code.get(role) !== before.code.get(role));
  expect(changed).toEqual(['check']);
  const bundle = join(after.outdir, `asset.${after.code.get('check')}/index.mjs`);
  expect(readFileSync(bundle, 'utf8')).toContain('edited');
});

test('a command that deploys nothing, such as `cdk ls`, bundles nothing', () => {
  expect(synthesise({ 'aws:cdk:bundling-stacks': [] }).assets).toEqual([]);
  expect(synthesise().assets.length).toBe(3);
});
