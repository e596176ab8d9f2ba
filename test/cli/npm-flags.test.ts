import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eatenByNpm } from '../../lib/cli/npm-flags';
import { optionsOf } from '../../lib/cli/parse';
import { VERBS } from '../../lib/cli/verbs';
import manifest from '../../package.json';
import { keyText } from '../keys';
import { ROOT } from '../root';
import { install } from './program';

/** How the command line is called through npx. */
const OURS = ['--no', '--', 'anthropic-keys'];

/** With an .npmrc that says `yes=false`. */
const eaten = (line: string, vars: Record<string, string>, command = 'run') =>
  eatenByNpm(
    line.split(' '),
    VERBS,
    {
      npm_command: command,
      npm_config_userconfig: '/home/me/.npmrc',
      npm_config_yes: '',
      npm_config_audit: '',
      ...vars,
    },
    (file) => (file === '/home/me/.npmrc' ? 'fund=false\nyes=false\n' : undefined),
  );

/** What arrives of a command line without `--`, what npm leaves of the rest, and the command that was meant. */
test.each<[arrives: string, left: Record<string, string>, meant: string]>([
  ['extend prod/api', { dry_run: 'true' }, 'extend prod/api --dry-run'],
  ['retire prod/api', { yes: 'true', json: 'true' }, 'retire prod/api --json --yes'],
  ['status', { needs_attention: 'true' }, 'status --needs-attention'],
  ['retire prod/api', { deactivate: '' }, 'retire prod/api --no-deactivate'],
  ['report', { audit: 'true' }, 'report --audit'],
  // npm before 11 gives an unknown option the word behind it; later ones pass that on.
  ['extend prod/api', { hours: '48', dry_run: 'true' }, 'extend prod/api --dry-run --hours 48'],
  ['extend prod/api 48', { hours: 'true', dry_run: 'true' }, 'extend prod/api --dry-run --hours 48'],
  [
    'snooze prod/api 2026-12-01 freeze',
    { until: 'true', reason: 'true' },
    'snooze prod/api --until <day> --reason <text>',
  ],
  ['rollback prod/api', { key: '4f2c91aa03d7' }, 'rollback prod/api --key 4f2c91aa03d7'],
  ['leak prod/api', { reason: 'in a log' }, "leak prod/api --reason 'in a log'"],
  // Short forms, which npm makes settings of, alone or together.
  ['extend prod/api', { nj: 'true' }, 'extend prod/api --json --dry-run'],
  ['extend prod/api', { r: 'eu-west-1' }, 'extend prod/api --region eu-west-1'],
  ['extend prod/api', { dryrun: 'true' }, 'extend prod/api --dry-run'],
  ['status', { endpoint_url: 'http://localhost:1' }, 'status --endpoint-url http://localhost:1'],
  // Short options: -p is --parseable at npm, and of one that npm does not know the letter stays.
  ['status ops', { parseable: 'true' }, 'status --profile ops'],
  ['show prod/api eu-west-1', { r: 'true' }, 'show prod/api --region eu-west-1'],
])('`npm run keys %s` after npm took %j is refused: `%s`', (arrives, left, meant) => {
  const vars = Object.fromEntries(Object.entries(left).map(([name, value]) => [`npm_config_${name}`, value]));
  // `npm exec` takes all but the options that say whether to install.
  for (const command of ['run', 'run-script', ...('yes' in left ? [] : ['exec'])]) {
    const said = eaten(arrives, vars, command);
    expect(said).toContain('Nothing was done');
    expect(said?.split('\n')[1]).toContain(`  npx --no -- anthropic-keys ${meant.split(' --')[0]}`);
    for (const option of meant.split(' --').slice(1)) expect(said).toContain(` --${option}`);
  }
});

test('every option of the parser is looked for', () => {
  const options = optionsOf(VERBS);
  expect(options.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['yes', 'region', 'key', 'until', 'attest']),
  );
  for (const { name, negated } of options)
    expect(eaten('status', { [`npm_config_${name.replaceAll('-', '_')}`]: negated ? '' : 'x' })).toContain(
      name,
    );
});

test.each<[why: string, line: string, vars: Record<string, string>, command?: string]>([
  ['the option arrived, whatever npm was told', 'extend prod/api --dry-run', { npm_config_dry_run: 'true' }],
  ['the option arrived with its value', 'extend prod/api --hours=48', { npm_config_hours: '48' }],
  ['npm says no', 'status', { npm_config_yes: '', npm_config_json: 'false' }],
  [
    'npm has options of its own',
    'status',
    { npm_config_registry: 'https://example.com', npm_config_loglevel: 'warn' },
  ],
  ['`npx --yes` calls it', 'status', { npm_config_yes: 'true' }, 'exec'],
  ['it was not called by npm', 'status', { npm_config_dry_run: 'true' }, ''],
])('nothing is refused where %s', (_, line, vars, command = 'run') => {
  expect(eaten(line, vars, command)).toBeUndefined();
});

test('what an .npmrc says is refused with a way out', () => {
  expect(eaten('status', { npm_config_json: 'true' })).toMatch(
    new RegExp(`\\n {2}npx --no-json ${OURS.join(' ')} status$`),
  );
  expect(eaten('status', { npm_config_yes: 'true' })).toMatch(/\n {2}npx --no -- anthropic-keys status$/);
});

/** npm's own `-n` is `--no-yes`, and that is all it leaves of a dry run. */
test('a short dry run that npm took for --no-yes is refused, with a way out where the variable comes from elsewhere', () => {
  const vars = { npm_command: 'run', npm_config_yes: '' };
  const said = eatenByNpm(['extend', 'prod/api'], VERBS, vars);
  expect(said?.split('\n')[1]).toBe('  npx --no -- anthropic-keys extend prod/api --dry-run');
  expect(said).toMatch(/\n {2}npx --no -- anthropic-keys extend prod\/api$/);
  expect(eatenByNpm(['extend', 'prod/api', '-n'], VERBS, vars)).toBeUndefined();
  expect(eatenByNpm(['status'], VERBS, { npm_command: 'run' })).toBeUndefined();
});

test('what npm has of its own is named as npm names it', () => {
  const vars = { npm_command: 'run', npm_config_parseable: 'true' };
  expect(eatenByNpm(['status'], VERBS, vars)).toMatch(
    new RegExp(`\\n {2}npx --no-parseable ${OURS.join(' ')} status$`),
  );
});

test('a key that npm took is not shown again', () => {
  const value = keyText('eaten');
  const said = eaten('rollback prod/api', { npm_config_key: value });
  expect(said).toContain('consider it leaked');
  expect(said).not.toContain(value);
});

let repository: string;

beforeAll(async () => {
  repository = realpathSync(mkdtempSync(join(tmpdir(), 'npm-flags-')));
  await install(repository);
});

afterAll(() => rmSync(repository, { recursive: true }));

/** Runs the real npm or npx of this machine where the package is installed, with an .npmrc of this text. */
function real(program: 'npm' | 'npx', args: readonly string[], npmrc = '', input = '', cwd = repository) {
  const home = mkdtempSync(join(tmpdir(), 'npm-flags-'));
  writeFileSync(join(home, '.npmrc'), npmrc);
  const ran = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    input,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      npm_config_update_notifier: 'false',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  });
  rmSync(home, { recursive: true });
  return { status: ran.status, stdout: ran.stdout, said: ran.stderr.replace(/\s+/g, ' ') };
}

const SIGN_IN = { status: 1, said: expect.stringContaining('Sign in to AWS first') };

test('with the real npm: a forgotten -- is no real run, and both commands of the answer get further', () => {
  const asks = [
    ...['--dry-run', '-n', '-jn'].map((dryRun) => [dryRun, repository] as const),
    ['--dry-run', ROOT] as const,
  ];
  for (const [dryRun, folder] of asks) {
    const { status, said } = real('npm', ['run', '-s', 'keys', 'extend', 'prod/api', dryRun], '', '', folder);
    expect(status).toBe(2);
    expect(said).toMatch(/npx --no -- anthropic-keys extend prod\/api .*--dry-run/);
  }
  for (const dryRun of ['--dry-run', '-n'])
    expect(real('npm', ['run', '-s', 'keys', '--', 'extend', 'prod/api', dryRun])).toMatchObject(SIGN_IN);
  for (const folder of [repository, ROOT])
    expect(real('npx', [...OURS, 'extend', 'prod/api', '-n'], '', '', folder)).toMatchObject(SIGN_IN);
  expect(real('npx', [...OURS, 'extend', 'prod/api'], 'yes=true\n')).toMatchObject(SIGN_IN);
  expect(real('npx', ['--no-json', ...OURS, 'status'], 'json=true\n')).toMatchObject(SIGN_IN);
});

describe('with the real npx', () => {
  test('every option behind -- is ours: --version, --help, --key and -n', () => {
    const version = real('npx', [...OURS, '--version']);
    expect(version).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
    expect(real('npx', [...OURS, '--help']).stdout).toMatch(/^Usage: npx --no -- anthropic-keys /);
    const wrong = real('npx', [...OURS, 'extend', 'prod/api', '-n', '--yes', '--key', 'xyz']);
    expect(wrong).toMatchObject({ status: 2, said: expect.stringContaining('--key takes the first') });
  });

  test('stdin reaches the command', () => {
    const { status, said } = real('npx', [...OURS, 'submit', 'prod/api'], '', 'not a key\n');
    expect([status, said]).toEqual([1, expect.stringContaining('Sign in to AWS first')]);
  });

  test.each([
    ['--dry-run', 'long'],
    ['-n', 'short'],
  ])('a forgotten -- makes no dry run a real one: %s', (dryRun) => {
    const behind = real('npx', ['--no', 'anthropic-keys', 'extend', 'prod/api', dryRun]);
    expect(behind).toMatchObject(SIGN_IN);
    // npm takes what stands before the verb, and fails in one way or another.
    const before = real('npx', ['--no', 'anthropic-keys', dryRun, 'extend', 'prod/api']);
    expect(before.status).not.toBe(0);
    expect(before.said).not.toContain('AWS');
  });

  test('where the package is not installed, nothing is downloaded', () => {
    const folder = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    const { status, stdout, stderr } = spawnSync('npx', OURS, {
      cwd: folder,
      encoding: 'utf8',
      // Nothing listens there, and the name is nobody's: whatever would be fetched is an error.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_fetch_retries: '0',
      },
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm error');
    rmSync(folder, { recursive: true });
  });
});
