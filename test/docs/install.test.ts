import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';
import { sourcesIn } from '../architecture/source';
import { ROOT } from '../root';

/** What `NODE_ENV=production npm ci` installs. */
const installed = Object.keys(manifest.dependencies);

/** For `deploy:local`, which asks for the development dependencies. */
const ONLY_HERE = /^local\/deploy\//;

test('an installation for production has every package that the app, the command line and the demo import', () => {
  const sources = sourcesIn('lib', 'lambda', 'bin', 'local', 'consumer').filter(
    ({ file }) => !ONLY_HERE.test(file),
  );
  const imported = sources.flatMap(({ file, imports }) =>
    imports
      .filter(({ of, ours, typeOnly }) => !ours && !typeOnly && !of.startsWith('node:'))
      .map(({ of }) => [file, of] as const),
  );
  expect(imported.length).toBeGreaterThan(50);
  const missing = imported.filter(
    ([, of]) => !installed.some((name) => of === name || of.startsWith(`${name}/`)),
  );
  expect(missing).toEqual([]);
});

/** Programs that npm finds in `node_modules/.bin`, and the package of each. */
const PROGRAMS: Readonly<Record<string, string>> = { tsx: 'tsx', cdk: 'aws-cdk', esbuild: 'esbuild' };

test.each(['keys', 'demo', 'synth', 'cdk', 'schema', 'prove:anthropic', 'prove:docs'] as const)(
  'an installation for production has what `npm run %s` starts',
  (name) => {
    const command = manifest.scripts[name];
    const programs = Object.keys(PROGRAMS).filter((program) => command.split(/\s+/).includes(program));
    expect(programs).toHaveLength(1);
    expect(installed).toContain(PROGRAMS[programs[0]!]);
  },
);

test('constructs bundle functions with an esbuild that is installed with them', () => {
  expect(installed).toContain('esbuild');
});

/** In a folder without packages, as a checkout before `npm ci`. */
function elsewhere(run: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const environment = { PATH: process.env.PATH, HOME: tmpdir(), npm_config_update_notifier: 'false' };

/** What a command prints, with npm's own settings as this repository makes them and nobody else's. */
function run(cwd: string, program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', env: environment });
  return { status, stdout, stderr };
}

test.each(
  Object.entries(manifest.scripts).filter(([name]) => /^(test|check|deploy:local|prove:aws)$/.test(name)),
)('`npm run %s` says what to install where the development dependencies are missing', (_, command) => {
  const [guard] = command.split(' && ');
  elsewhere((folder) => {
    mkdirSync(join(folder, 'test'));
    for (const file of ['package.json', 'test/dev-dependencies.js'])
      copyFileSync(join(ROOT, file), join(folder, file));
    const { status, stderr } = run(folder, 'node', guard!.replace(/^node /, ''));
    expect(status).toBe(1);
    expect(stderr).toContain('Install them with: npm ci --include=dev');
  });
  expect(run(ROOT, 'node', guard!.replace(/^node /, ''))).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('npm', () => {
  it('says that there is no such script', () => {
    expect(run(ROOT, 'npm', 'run', 'kyes')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Missing script: "kyes"'),
    });
  });

  it('says why an installation fails', () => {
    elsewhere((folder) => {
      copyFileSync(join(ROOT, '.npmrc'), join(folder, '.npmrc'));
      writeFileSync(join(folder, 'package.json'), '{"name":"no-lockfile","version":"1.0.0"}');
      const { status, stderr } = run(folder, 'npm', 'ci', '--offline');
      expect(status).toBe(1);
      expect(stderr).toContain('package-lock.json');
    });
  });

  it('adds its lines to stdout, and with -s does not', () => {
    const help = (...silent: string[]) => run(ROOT, 'npm', 'run', ...silent, 'keys', '--', '--help').stdout;
    expect(help()).toMatch(/^\n> anthropic-key-rotation@/);
    expect(help('-s')).toMatch(/^Usage: /);
  });
});
