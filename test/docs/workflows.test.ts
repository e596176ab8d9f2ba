import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import manifest from '../../package.json';
import { ROOT } from '../root';

// GitHub reads these files and nothing here runs them, so their structure is all that a test can hold.

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

function read<T>(file: string): T {
  const document = parseDocument(readFileSync(join(ROOT, '.github', file), 'utf8'));
  expect([file, document.errors, document.warnings]).toEqual([file, [], []]);
  return document.toJS() as T;
}

const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'));
const workflow = (name: string) => read<Workflow>(`workflows/${name}`);
const jobsOf = (name: string) => Object.values(workflow(name).jobs);
const runs = (name: string) => jobsOf(name).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

test.each(WORKFLOWS)('%s has what GitHub needs, and no more rights than to read', (name) => {
  const { on, permissions, jobs } = workflow(name);
  expect(Object.keys(on).length).toBeGreaterThan(0);
  expect(permissions).toEqual({ contents: 'read' });
  for (const job of Object.values(jobs)) {
    expect(job['runs-on']).toMatch(/^ubuntu-\d+\.\d+$/);
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const step of job.steps) expect(Number('uses' in step) + Number('run' in step)).toBe(1);
  }
});

test.each(WORKFLOWS)('%s uses actions of GitHub alone, each by its version', (name) => {
  const used = jobsOf(name).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  expect(used.filter((action) => !/^actions\/[a-z-]+@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
});

test.each(WORKFLOWS)('no checkout of %s leaves a token behind for what runs later', (name) => {
  const checkouts = jobsOf(name).flatMap(({ steps }) =>
    steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
  );
  expect(checkouts.length).toBeGreaterThan(0);
  expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
});

test.each(WORKFLOWS)('%s runs scripts and programs that are there', (name) => {
  const scripts = runs(name).flatMap((run) =>
    [...run.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script]) => script!),
  );
  expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  const programs = runs(name).flatMap((run) =>
    [...run.matchAll(/(?:^|\s)(\.ci\/[\w-]+)/g)].map(([, file]) => file!),
  );
  expect(programs.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test.each(WORKFLOWS)('%s puts nothing that others may write into a command', (name) => {
  expect(runs(name).filter((run) => run.includes('${{'))).toEqual([]);
});

test('CI runs everything on the oldest Node.js that is supported, and the tests on newer ones', () => {
  const jobs = jobsOf('ci.yml');
  const versions = jobs.flatMap(({ steps, strategy }) => {
    const [setUp] = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
    return strategy?.matrix.node ?? [setUp?.with?.['node-version']];
  });
  expect(versions).toEqual([20, 22, 24]);
  expect(manifest.engines.node).toContain('20');
  expect(runs('ci.yml')).toContain('.ci/run');
});

test('CI installs the moto of the contract', () => {
  const wanted = /moto\[server\]==[\d.]+/.exec(readFileSync(join(ROOT, '.ci/run'), 'utf8'))![0];
  expect(runs('ci.yml').join('\n')).toContain(wanted);
});

describe('a release', () => {
  const [job] = jobsOf('release.yml');

  test('waits for the owner: a variable of the repository and an environment with reviewers', () => {
    expect(job!.if).toBe("vars.PUBLISH == 'npm'");
    expect(job!.environment).toBe('npm');
    expect(workflow('release.yml').on).toEqual({ push: { tags: ['v*.*.*'] } });
  });

  test('is checked, tested, compared and packed before it is published, with provenance and without a stored token', () => {
    const order = [
      'npm ci',
      'npm run check',
      'npm test',
      'npm run release:compare',
      'npm run package',
      'sha256sum',
      'npm publish --provenance',
      'gh release create',
    ];
    const found = order.map((command) => runs('release.yml').findIndex((run) => run.startsWith(command)));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found).not.toContain(-1);
    expect(job!.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
    expect(JSON.stringify(job!.steps)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });

  test('has the name that people are told, and its tag is the version', () => {
    expect(manifest.name).toBe('anthropic-key-rotation');
    expect(runs('release.yml')[0]).toContain('GITHUB_REF_NAME');
  });
});

test.each(readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml'))(
  'the form %s asks for something, has distinct ids, and warns of keys where it asks for output',
  (name) => {
    const { body, ...form } = read<{
      name: string;
      description: string;
      body: readonly {
        type: string;
        id?: string;
        attributes: { label?: string; value?: string };
        validations?: object;
      }[];
    }>(`ISSUE_TEMPLATE/${name}`);
    expect(form.name && form.description).toBeTruthy();
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(fields.filter(({ id, attributes }) => !id || !attributes.label)).toEqual([]);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    expect(fields.some(({ validations }) => validations !== undefined)).toBe(true);
    const asksForOutput = JSON.stringify(fields).includes('"render"');
    if (asksForOutput) expect(JSON.stringify(body)).toContain('Never paste a key');
  },
);

test('updates of dependencies come for packages and actions, and never the command line of the CDK that cannot read its library', () => {
  const { version, updates } = read<{
    version: number;
    updates: readonly { 'package-ecosystem': string; ignore?: readonly object[] }[];
  }>('dependabot.yml');
  expect(version).toBe(2);
  expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  expect(updates[0]!.ignore).toEqual([expect.objectContaining({ 'dependency-name': 'aws-cdk' })]);
});
