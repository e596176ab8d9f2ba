import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { bundleFunctions } from '../../lib/constructs/function-bundle';
import { HOUR } from '../../lib/domain/time';
import { runCommand } from '../cli/surroundings/command';
import { TestKey } from '../lifecycle/test-key';
import { ROOT } from '../root';

let folder: string;
let entries: readonly string[];
let testKey: TestKey;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  const files = bundleFunctions(ROOT);
  entries = [...files.keys()].filter((file) => !file.startsWith('shared/'));
  for (const [file, contents] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), contents);
  }
  testKey = await TestKey.build({ start: new Date(Date.now() - 2 * HOUR), overHttp: true });
});

afterAll(async () => {
  await testKey.sandbox.close();
  rmSync(folder, { recursive: true });
});

test('Node.js imports each function from a folder that has nothing else', () => {
  const program = entries.map((file) => `console.log(typeof (await import('./${file}')).handler);`).join('');
  writeFileSync(join(folder, 'all.mjs'), program);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'all.mjs')], {
    encoding: 'utf8',
    env: {},
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'function\n'.repeat(5), stderr: '' });
});

/** Invokes the bundle as Lambda does: in a process with the deployed environment and nothing else. */
async function check(): Promise<{ readonly ok: boolean; readonly payload: string }> {
  const { aws, anthropic } = testKey.sandbox;
  const child = spawn(process.execPath, [join(ROOT, 'local/deploy/lambda-process.mjs')], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    env: {
      ...testKey.sandbox.environment('prod').variables.check,
      _HANDLER: 'check.handler',
      LAMBDA_TASK_ROOT: folder,
      INVOCATION_ENDS: String(Date.now() + 60_000),
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: 'anthropic-keys-prod-check',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ANTHROPIC_BASE_URL: anthropic.url,
    },
  });
  child.stdin!.end(JSON.stringify({ secretId: testKey.secretName }));
  return json(child.stdio[3] as Readable) as Promise<{ ok: boolean; payload: string }>;
}

test('the deployed bundle of a check reads the secret, asks Anthropic and finds the key alive', async () => {
  await testKey.promoteFirstKey();
  const { aws, anthropic } = testKey.sandbox;
  const asked = anthropic.requests.length;
  aws.calls.clear();
  const { ok, payload } = await check();
  expect({ ok, ...JSON.parse(payload) }).toMatchObject({ ok: true, verdict: { kind: 'ALIVE', status: 200 } });
  expect(anthropic.requests.slice(asked).map(({ path }) => path)).toEqual(['/v1/messages']);
  expect(aws.calls.all().map(({ operation }) => operation)).toContain('GetSecretValue');
});

test('the packaged command line shows its help', async () => {
  const { exit, stdout, stderr } = await runCommand(['--help'], {});
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: /);
});
