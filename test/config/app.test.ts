import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdk from '../../cdk.json';

const ROOT = join(__dirname, '../..');

/** Options and file with which cdk.json starts the app: Node.js refuses an option that it does not know. */
const [, ...APP] = cdk.app.split(' ');

test('an app with ten faults in its fleet file names all ten, and shows no stack trace', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys.yaml');
  writeFileSync(
    file,
    `defaults: { warnDays: soon }
environments:
  prod:
    alerts: [nobody]
    workspaceId: w_1
    spendLimitReviewed: yesterday
    policy: { checkEvery: sometimes, graceHours: 900 }
    keys:
      a: { ownr: a@acme.io }
      b: { owner: a@acme.io, policy: { maxAgeDays: 200 } }
  dev: { alerts: [a@acme.io], workspaceId: w_1, keys: { c: { owner: a@acme.io, stack: A_B } } }
`,
  );
  const run = spawnSync(process.execPath, APP, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ROTATION_KEYS_FILE: file },
  });
  expect(run.status).toBe(1);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  const named = run.stderr.split('\n').filter((line) => line.startsWith(file));
  expect(named.map((line) => /: (\S+) is /.exec(line)?.[1])).toEqual([
    'defaults.warnDays',
    'environments.prod.alerts[0]',
    'environments.prod.spendLimitReviewed',
    'environments.prod.policy.checkEvery',
    'environments.prod.policy.graceHours',
    'environments.prod.keys.a.owner',
    'environments.prod.keys.a.ownr',
    'environments.prod.keys.b.policy.maxAgeDays',
    'environments.dev.keys.c.stack',
    'environments.dev.workspaceId',
  ]);
});

/** Runs the app as the CDK does for a command that bundles these stacks. */
function appFor(bundlingStacks: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'app-'));
  const file = join(directory, 'keys.yaml');
  const told = join(directory, 'told.cjs');
  writeFileSync(
    file,
    'environments: { prod: { alerts: [a@acme.io, b@acme.io], keys: { api: { owner: a@acme.io } } } }',
  );
  writeFileSync(
    told,
    "process.on('exit', () => console.log(Object.keys(require.cache).some((path) => path.includes('cloudformation-validate')) ? 'validated' : 'not validated'));",
  );
  const run = spawnSync(process.execPath, ['--require', told, ...APP], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      ROTATION_KEYS_FILE: file,
      // The tests switch it off for themselves.
      CDK_VALIDATION: undefined,
      CDK_OUTDIR: join(directory, 'cdk.out'),
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': bundlingStacks }),
    },
  });
  expect(run.status).toBe(0);
  const assets = readdirSync(join(directory, 'cdk.out')).filter((name) => name.startsWith('asset.'));
  return { bundles: assets.length, validation: run.stdout.trim() };
}

test('`cdk ls` bundles and validates nothing, a deployment both', () => {
  expect(appFor([])).toEqual({ bundles: 0, validation: 'not validated' });
  // All functions share one.
  expect(appFor(['**'])).toEqual({ bundles: 1, validation: 'validated' });
});
