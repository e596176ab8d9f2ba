import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { TestKey } from './test-key';

const STORM = 6;
const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'storm-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a storm of processes that all looked before any of them published repeats mails, loses none and acts once', async () => {
  const testKey = await TestKey.build({ start: new Date(), overHttp: true });
  const { aws } = testKey.sandbox;
  const first = await testKey.promoteFirstKey();
  await testKey.check();
  await testKey.edit(testKey.newKey(testKey.otherWorkspace));
  const before = testKey.told.length;
  aws.calls.clear();
  let arrived = 0;
  let open: () => void = () => {};
  const barrier = new Promise<void>((resolve) => {
    open = resolve;
  });
  const takeAway = aws.faults.on(
    { service: 'sns', operation: 'Publish', times: Number.POSITIVE_INFINITY },
    {
      kind: 'meanwhile',
      when: 'before-effect',
      run: async () => {
        arrived += 1;
        if (arrived === STORM) open();
        await barrier;
      },
    },
  );
  const env = {
    PATH: process.env.PATH,
    ...testKey.sandbox.environment('prod').variables.check,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: 'anthropic-keys-prod-check',
    AWS_SECRET_ACCESS_KEY: 'none',
    NODE_NO_WARNINGS: '1',
  };
  const script = join(folder, 'check.js');
  buildSync({
    entryPoints: [join(__dirname, 'check-process.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
  });
  const exits = Array.from({ length: STORM }, () => {
    const child = spawn(process.execPath, [script, testKey.secretName], {
      cwd: ROOT,
      env,
      stdio: 'ignore',
    });
    return new Promise<number | null>((resolve) => child.on('exit', resolve));
  });
  expect(await Promise.all(exits)).toEqual(Array(STORM).fill(0));
  takeAway();
  await testKey.after(1);
  const repeated = testKey.told.slice(before);
  console.info(`${STORM} overlapping processes sent ${repeated.length} mails of one notice`);
  expect(new Set(repeated)).toEqual(new Set(['rolled-back']));
  expect(repeated.length).toBeLessThanOrEqual(STORM);
  const rollbacks = aws.calls.all().filter(({ operation, params, outcome }) => {
    return (
      operation === 'UpdateSecretVersionStage' && params.VersionStage === 'AWSCURRENT' && outcome === 'ok'
    );
  });
  expect(rollbacks).toHaveLength(1);
  expect(testKey.live).toBe(first);
  await testKey.close();
});
