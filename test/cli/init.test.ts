import { execFileSync, spawnSync } from 'node:child_process';
import {
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
import { pathToFileURL } from 'node:url';
import cdk from '../../cdk.json';
import { layFiles } from '../../lib/cli/init/lay';
import { sourceOf } from '../../lib/cli/init/source';
import { COMPANIONS, FILL_IN, templates } from '../../lib/cli/init/templates';
import { WORKFLOW } from '../../lib/cli/init/workflow';
import { runCli } from '../../lib/cli/main';
import type { Open } from '../../lib/cli/verb';
import { VERSION } from '../../lib/cli/version';
import { consumerWarnings } from '../../lib/config/consumers';
import { renderFault } from '../../lib/config/fault';
import { loadFleet } from '../../lib/config/load';
import { ScriptedTerminal } from '../../local/cli/scripted-terminal';
import { ROOT } from '../root';

const FILES = ['keys.yaml', 'bin/app.js', 'cdk.json', 'package.json', '.gitignore'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything in a folder, by path. */
const inside = (at: string) =>
  existsSync(at)
    ? readdirSync(at, { recursive: true, withFileTypes: true, encoding: 'utf8' })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
        .sort()
    : undefined;

/** Runs `init` without AWS: whoever asked for it would fail. */
async function init(argv: readonly string[], installed?: { repository: string }) {
  const terminal = new ScriptedTerminal();
  const installation = {
    isCheckout: installed === undefined,
    repository: installed?.repository ?? ROOT,
    start: [],
  };
  const exit = await runCli(['init', ...argv], terminal, (async () => ({
    terminal,
    installation,
  })) as unknown as Open);
  return { exit, shown: terminal.shown, printed: terminal.printed };
}

const manifestIn = (at: string) => JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));

test('lays the five files, says what to fill in, and ends with the next commands', async () => {
  const to = join(folder, 'deep', 'ours');
  const { exit, shown } = await init([to]);
  expect([exit, inside(to)]).toEqual([0, [...FILES].sort()]);
  expect(shown).toContain('Fill in keys.yaml, where it says FILL-IN');
  expect(shown.trim().split('\n').slice(-4)).toEqual([
    `  cd ${to}`,
    '  npm install',
    '  npx cdk synth -q',
    '  npx cdk deploy --all',
  ]);
  for (const [path, text] of Object.entries(templates(manifestIn(to).dependencies['anthropic-key-rotation'])))
    expect(readFileSync(join(to, path), 'utf8')).toBe(text);
});

test('a second run changes nothing and is no error', async () => {
  await init([folder]);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const before = FILES.map((file) => readFileSync(join(folder, file), 'utf8'));
  const { exit, shown } = await init([folder]);
  expect([exit, shown]).toEqual([0, expect.stringContaining('Nothing to write: all is there already.')]);
  expect(FILES.map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual(before);
});

test('completes what is there in part', async () => {
  await init([folder]);
  rmSync(join(folder, 'bin'), { recursive: true });
  rmSync(join(folder, '.gitignore'));
  expect(JSON.parse((await init([folder, '--json'])).printed)).toMatchObject({
    schema: 'anthropic-key-rotation/init/1',
    wrote: ['bin/app.js', '.gitignore'],
    kept: ['keys.yaml', 'cdk.json', 'package.json'],
  });
  expect(inside(folder)).toEqual([...FILES].sort());
});

describe('--github-workflow', () => {
  const WORKFLOW_AT = '.github/workflows/anthropic-keys.yml';

  test('lays the workflow alone, beside files of people’s own, and says what to fill in', async () => {
    writeFileSync(join(folder, 'keys.yaml'), 'filled in\n');
    const { exit, shown } = await init([folder, '--github-workflow']);
    expect([exit, inside(folder)]).toEqual([0, [WORKFLOW_AT, 'keys.yaml']]);
    expect(readFileSync(join(folder, WORKFLOW_AT), 'utf8')).toBe(WORKFLOW);
    expect(shown.replace(/\s+/g, ' ')).toContain(`Fill in ${WORKFLOW_AT}, where it says FILL-IN`);
    expect((await init([folder, '--github-workflow'])).shown).toContain('all is there already');
  });

  test('never writes over one that somebody filled in', async () => {
    await init([folder, '--github-workflow']);
    writeFileSync(join(folder, WORKFLOW_AT), 'mine');
    const { exit, shown } = await init([folder, '--github-workflow']);
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining('rename it first')]);
    expect(shown).not.toContain('init <folder>');
    expect(readFileSync(join(folder, WORKFLOW_AT), 'utf8')).toBe('mine');
  });
});

test('--dry-run names the files and writes none', async () => {
  const to = join(folder, 'ours');
  const { exit, shown } = await init([to, '--dry-run']);
  expect(exit).toBe(0);
  for (const file of FILES) expect(shown.replace(/\s+/g, '')).toContain(join(to, file));
  expect(inside(folder)).toEqual([]);
});

test.each(FILES)('%s of people’s own is refused by name, and nothing is written', async (file) => {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, file), '{"mine":true}\n');
  for (const more of [[], ['--dry-run'], ['--yes']]) {
    const { exit, shown } = await init([folder, ...more]);
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining(`${join(folder, file)} is there already`),
    ]);
  }
  expect(inside(folder)).toEqual([file]);
  expect(readFileSync(join(folder, file), 'utf8')).toBe('{"mine":true}\n');
});

test('every file that is in the way is named', async () => {
  writeFileSync(join(folder, 'keys.yaml'), '');
  writeFileSync(join(folder, 'cdk.json'), '{}');
  const { shown } = await init([folder]);
  expect(shown.replace(/\s+/g, ' ')).toContain(
    `${join(folder, 'keys.yaml')} and ${join(folder, 'cdk.json')} are there already`,
  );
});

describe('all or nothing', () => {
  test('a file that comes meanwhile is kept, and what was written is taken away', async () => {
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'there', 'c'), 'mine');
    const laid = layFiles(folder, { a: '1', 'new/deep/b': '2', 'there/c': '3', d: '4' });
    await expect(laid).rejects.toThrow(
      `Nothing was written: ${join(folder, 'there/c')} cannot be made: something of that name is there already (EEXIST).`,
    );
    expect([inside(folder), readdirSync(folder)]).toEqual([['there/c'], ['there']]);
    expect(readFileSync(join(folder, 'there', 'c'), 'utf8')).toBe('mine');
  });

  const binOf = (at: string) => join(at, 'bin');
  test.each<[string, (at: string) => void, string]>([
    [
      'a file in the place of a folder',
      (at) => writeFileSync(binOf(at), ''),
      'bin/app.js cannot be read: a file stands in the place of a folder (ENOTDIR).',
    ],
    [
      'a folder in the place of a file',
      (at) => mkdirSync(join(at, 'keys.yaml')),
      'keys.yaml cannot be read: it is a folder (EISDIR).',
    ],
    [
      'a file that links nowhere',
      (at) => symlinkSync('nowhere', join(at, 'keys.yaml')),
      'keys.yaml cannot be made: something of that name is there already (EEXIST).',
    ],
    [
      'a folder that links nowhere',
      (at) => symlinkSync('nowhere', binOf(at)),
      'bin/app.js cannot be made: a link leads nowhere (ENOENT).',
    ],
    [
      'a link in a circle',
      (at) => symlinkSync('bin', binOf(at)),
      'bin/app.js cannot be read: links lead in a circle (ELOOP).',
    ],
    [
      'a link out of the folder',
      (at) => symlinkSync(tmpdir(), binOf(at)),
      'bin is a link that leads out of the folder.',
    ],
  ])('%s is said in words, and nothing is written', async (_, prepare, said) => {
    prepare(folder);
    const before = readdirSync(folder);
    const { exit, shown } = await init([folder]);
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(said)]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

test('a folder whose name begins with a dash is not taken for an option of cd', async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect((await init(['--', '-ours'])).shown).toContain('\n  cd ./-ours\n');
  } finally {
    process.chdir(before);
  }
});

describe('where npm gets the package from', () => {
  /** Somebody who installed the package from there into `host`. */
  function installedFrom(source: string) {
    const host = join(folder, 'host');
    mkdirSync(host);
    const manifest = { dependencies: { 'anthropic-key-rotation': source } };
    writeFileSync(join(host, 'package.json'), JSON.stringify(manifest));
    return { repository: host };
  }

  test('from a checkout: its tarball, which is to be packed first', async () => {
    const to = join(folder, 'ours');
    await init([to]);
    const source = manifestIn(to).dependencies['anthropic-key-rotation'];
    expect(source).toMatch(/^file:\.\..*\/out\/anthropic-key-rotation-/);
    expect(join(to, source.slice(5))).toBe(join(ROOT, 'out', `anthropic-key-rotation-${VERSION}.tgz`));
    const bare = join(folder, 'a checkout');
    mkdirSync(bare);
    const terminal = new ScriptedTerminal();
    const installation = { isCheckout: true, repository: bare, start: [] };
    await runCli(['init', join(folder, 'x')], terminal, (async () => ({
      terminal,
      installation,
    })) as unknown as Open);
    expect(terminal.shown).toContain(`  npm --prefix '${bare}' run package\n`);
  });

  test.each([
    ['npm', 'file:vendor/rotation.tgz'],
    ['Yarn', './vendor/rotation.tgz'],
  ])('from where %s installed it: the same file, seen from the new folder', async (_, source) => {
    await init([join(folder, 'ours')], installedFrom(source));
    expect(manifestIn(join(folder, 'ours')).dependencies).toEqual({
      'anthropic-key-rotation': 'file:../host/vendor/rotation.tgz',
      ...COMPANIONS,
    });
  });

  test('from a registry: the same version', async () => {
    await init([join(folder, 'ours')], installedFrom('0.1.0'));
    expect(manifestIn(join(folder, 'ours')).dependencies['anthropic-key-rotation']).toBe('0.1.0');
  });

  test('of several folders of a workspace, the one that runs it names the file', async () => {
    const host = join(folder, 'host');
    const member = join(host, 'packages', 'keys');
    mkdirSync(member, { recursive: true });
    writeFileSync(join(host, 'package.json'), '{ "workspaces": ["packages/*"] }');
    const manifest = { devDependencies: { 'anthropic-key-rotation': 'file:../../vendor/rotation.tgz' } };
    writeFileSync(join(member, 'package.json'), JSON.stringify(manifest));
    const installation = { isCheckout: false, repository: host, start: [] };
    const seenFrom = (here: string) => sourceOf(installation, join(folder, 'ours'), here);
    expect(await seenFrom(member)).toBe('file:../host/vendor/rotation.tgz');
    expect(await seenFrom(join(member, 'deep'))).toBe('file:../host/vendor/rotation.tgz');
    await expect(seenFrom(host)).rejects.toThrow('Nothing here says where');
    await expect(seenFrom(folder)).rejects.toThrow('Nothing here says where');
  });

  test.each([
    ['file:../vendor/rotation.tgz', 'file:../vendor/rotation.tgz'],
    ['https://registry.example.com/rotation.tgz', VERSION],
  ])('installed without a line in package.json: from npm’s lockfile, %s', async (resolved, source) => {
    const host = join(folder, 'host');
    mkdirSync(join(host, 'node_modules'), { recursive: true });
    const lockfile = { packages: { 'node_modules/anthropic-key-rotation': { resolved } } };
    writeFileSync(join(host, 'node_modules', '.package-lock.json'), JSON.stringify(lockfile));
    await init([join(folder, 'ours')], { repository: host });
    expect(manifestIn(join(folder, 'ours')).dependencies['anthropic-key-rotation']).toBe(source);
  });

  test('where nothing says it, as with a global installation, nothing is laid: a bare version could be a stranger’s', async () => {
    const host = join(folder, 'host');
    mkdirSync(host);
    const { exit, shown } = await init([join(folder, 'ours')], { repository: host });
    expect([exit, shown.replace(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining('npm install --save-exact <tarball>'),
    ]);
    expect(inside(join(folder, 'ours'))).toBeUndefined();
    const named = { dependencies: { 'anthropic-key-rotation': 'file:x.tgz' } };
    mkdirSync(join(folder, 'ours'));
    writeFileSync(join(folder, 'ours', 'package.json'), JSON.stringify(named));
    expect((await init([join(folder, 'ours')], { repository: host })).exit).toBe(0);
  });

  test('in the folder where it is installed package.json stays, and what it lacks is to be installed', async () => {
    const host = installedFrom('file:vendor/rotation.tgz');
    const before = readFileSync(join(host.repository, 'package.json'), 'utf8');
    const { exit, shown } = await init([host.repository], host);
    expect([exit, inside(host.repository)]).toEqual([0, [...FILES].sort()]);
    expect(readFileSync(join(host.repository, 'package.json'), 'utf8')).toBe(before);
    const missing = Object.entries(COMPANIONS).map(([name, version]) => `${name}@${version}`);
    expect(shown.replace(/ \\\n +/g, ' ')).toContain(`  npm install --save-exact ${missing.join(' ')}\n`);
  });
});

/** The file as somebody fills it in. */
const filledIn = (text: string) => text.replaceAll(FILL_IN, 'team@example.com');

describe('what is laid', () => {
  test('versions are exact', () => {
    for (const version of Object.values(COMPANIONS)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('the feature flags are those of the checkout, so that a deployment can move in place', () => {
    expect(JSON.parse(templates('')['cdk.json']!).context).toEqual(cdk.context);
  });

  test('keys.yaml is refused only for what a person must fill in, by its lines', () => {
    const text = templates('')['keys.yaml']!;
    const at = text.split('\n').flatMap((line, index) => (/: \[?FILL-IN/.test(line) ? index + 1 : []));
    expect(at).toHaveLength(2);
    const { errors } = loadFleet(text, 'keys.yaml');
    expect(errors.map(({ line }) => line)).toEqual(at);
    for (const fault of errors)
      expect(renderFault(fault)).toMatch(/is "FILL-IN": expected an e-mail address/);
    const { fleet } = loadFleet(filledIn(text), 'keys.yaml');
    expect(fleet?.environments.map(({ environment }) => environment)).toEqual(['dev']);
  });

  test('once it is filled in, it lacks nothing but the addresses of links, which it has as comments', () => {
    const text = templates('')['keys.yaml']!.replaceAll(FILL_IN, 'team@acme.io');
    const { fleet, warnings } = loadFleet(text, 'keys.yaml', new Date());
    expect(fleet!.environments.flatMap(consumerWarnings)).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^dev: projectUrl and runbookUrl are not set/)]);
    expect(text).toMatch(/# projectUrl: .*\n +# runbookUrl: /);
  });

  test('its commented examples are valid, too', () => {
    const text = filledIn(templates('')['keys.yaml']!)
      .replace(
        /^( *)# (?=(?:account|cliCommand|policy|region|prod|alerts|keys|api-gateway|owner|consumers)\b| {2})/gm,
        '$1',
      )
      .replace(/^( *)# (account|region|cliCommand|policy): /gm, '$1$2: ');
    const { errors, fleet } = loadFleet(text, 'keys.yaml');
    expect(errors.map(renderFault)).toEqual([]);
    expect(fleet?.environments.map(({ environment, cliCommand }) => [environment, cliCommand])).toEqual([
      ['dev', 'pnpm exec anthropic-keys'],
      ['prod', undefined],
    ]);
  });

  describe('as an app beside this package', () => {
    /** Lays the files, with the packages of this checkout in place of an installation. */
    async function laid() {
      await init([folder]);
      mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
      symlinkSync(ROOT, join(folder, 'node_modules', 'anthropic-key-rotation'));
      for (const name of ['aws-cdk-lib', 'constructs', '@types/node'])
        symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
      return folder;
    }

    /** The app as `cdk synth` starts it. The checkout's package is TypeScript, which the built one is not. */
    const synthesise = (at: string) =>
      spawnSync(
        process.execPath,
        [
          '--import',
          pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href,
          ...appOf(at).slice(1),
        ],
        {
          cwd: at,
          encoding: 'utf8',
          env: {
            PATH: process.env.PATH,
            CDK_OUTDIR: join(at, 'cdk.out'),
            CDK_CONTEXT_JSON: JSON.stringify({
              ...JSON.parse(readFileSync(join(at, 'cdk.json'), 'utf8')).context,
              'aws:cdk:bundling-stacks': [],
            }),
            CDK_VALIDATION: 'false',
          },
        },
      );
    const appOf = (at: string): string[] =>
      JSON.parse(readFileSync(join(at, 'cdk.json'), 'utf8')).app.split(' ');

    test('the first synthesis says what to fill in, without a stack trace; then it makes the stack', async () => {
      const at = await laid();
      expect(appOf(at)).toEqual(['node', 'bin/app.js']);
      const { status, stderr } = synthesise(at);
      expect(status).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/^keys\.yaml:\d+: environments\.dev\.alerts\[0\] is "FILL-IN"/),
        expect.stringMatching(/^keys\.yaml:\d+: environments\.dev\.keys\.playground\.owner is "FILL-IN"/),
      ]);
      writeFileSync(join(at, 'keys.yaml'), filledIn(readFileSync(join(at, 'keys.yaml'), 'utf8')));
      const ran = synthesise(at);
      expect([ran.status, ran.stdout]).toEqual([0, '']);
      const template = JSON.parse(
        readFileSync(join(at, 'cdk.out', 'AnthropicKeys-dev.template.json'), 'utf8'),
      );
      const names = Object.values<{ Type: string; Properties: { Name?: string } }>(template.Resources)
        .filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')
        .map(({ Properties }) => Properties.Name);
      expect(names).toEqual(['anthropic/dev/playground']);
    });

    test('the app passes the type check that its first line asks for', async () => {
      const at = await laid();
      expect(readFileSync(join(at, 'bin/app.js'), 'utf8')).toMatch(/^\/\/ @ts-check\n/);
      const app = readFileSync(join(at, 'bin/app.js'), 'utf8');
      const wrong = app.replace('addFleet(app, fleet, warnings)', 'addFleet(app, errors, warnings)');
      writeFileSync(join(at, 'bin', 'wrong.js'), wrong);
      const { status, stdout, stderr } = spawnSync(
        join(ROOT, 'node_modules/.bin/tsc'),
        [
          '--noEmit',
          '--allowJs',
          '--strict',
          '--skipLibCheck',
          '--resolveJsonModule',
          // The package's types are its sources here.
          ...['--lib', 'es2023'],
          ...['--module', 'NodeNext', '--target', 'ES2022', '--types', 'node', '--ignoreConfig'],
          ...['bin/app.js', 'bin/wrong.js'],
        ],
        { cwd: at, encoding: 'utf8' },
      );
      // Both are read at once: the fault that was put into the one is found, and it is the only one.
      expect([status, stdout.trim().split('\n'), stderr]).toEqual([
        1,
        [expect.stringMatching(/^bin\/wrong\.js\(\d+,\d+\): error TS/)],
        '',
      ]);
    });
  });

  test('npm takes package.json as it is', async () => {
    await init([folder]);
    const name = execFileSync('npm', ['pkg', 'get', 'private', 'dependencies.constructs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(JSON.parse(name)).toEqual({ private: true, 'dependencies.constructs': COMPANIONS.constructs });
  });
});
