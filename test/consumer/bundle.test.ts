import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from '../root';

const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bundle = join(folder, 'consumer.js');
const { metafile } = buildSync({
  entryPoints: [join(ROOT, 'consumer/index.ts')],
  outfile: bundle,
  absWorkingDir: ROOT,
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['@aws-sdk/*'],
});

/** What a program prints that has the helper under this name beside it. */
const run = (kind: 'commonjs' | 'module', program: string) =>
  execFileSync(process.execPath, [`--input-type=${kind}`, '--eval', program], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  }).trim();

const READ = `
  const client = { send: async (command) => ({ SecretString: 'sk-ant-' + command.constructor.name.padEnd(20, '-') }) };
  rotatingKey({ secretId: 'a', client }).get().then(console.log, ({ message }) => console.log(message));
`;
const IMPORTS = [
  ['commonjs', "const { rotatingKey } = require('./consumer.js');"],
  ['module', "import { rotatingKey } from './consumer.js';"],
] as const;

test('is one file of its own', () => {
  expect(Object.keys(metafile.inputs)).toEqual(['consumer/index.ts']);
  expect(Object.values(metafile.outputs)[0]!.bytes).toBeLessThan(12_000);
});

test.each(IMPORTS)('as %s without the AWS SDK, it says what is missing', (kind, line) => {
  expect(run(kind, line + READ)).toBe(
    'The secret a cannot be read: Error: @aws-sdk/client-secrets-manager cannot be loaded: npm install @aws-sdk/client-secrets-manager',
  );
});

test.each(IMPORTS)('as %s beside the AWS SDK, it reads', (kind, line) => {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  rmSync(join(folder, 'node_modules/@aws-sdk'), { force: true });
  symlinkSync(join(ROOT, 'node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  expect(run(kind, line + READ)).toBe('sk-ant-GetSecretValueCommand');
});

test('the checkout has it under the name of the package', () => {
  const resolved = execFileSync(
    process.execPath,
    ['--print', "require.resolve('anthropic-key-rotation/consumer')"],
    { cwd: ROOT, encoding: 'utf8' },
  );
  expect(resolved.trim()).toBe(join(ROOT, 'consumer/index.ts'));
});
