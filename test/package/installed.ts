import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { everything } from '../constructs/fleets';
import { APPS } from '../examples/synthesised';
import { ROOT } from '../root';

/** The tarball that `npm run package` made last. */
function tarball(): string {
  const [file] = readdirSync(join(ROOT, 'out')).filter((name) => name.endsWith('.tgz'));
  if (!file) throw new Error('There is no tarball in out/: npm run package');
  return join(ROOT, 'out', file);
}

/** A folder outside of this repository, until `removeFolders`. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export const removeFolders = () => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
};

const { PATH, HOME } = process.env;

/** Runs a program as a person would there: without the variables of npm, jest and this repository. */
export function run(cwd: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, npm_config_update_notifier: 'false', ...env },
  });
  return { status, stdout, stderr };
}

/** Installs the tarball as npm does for a person. Nothing else is fetched, because it has no dependencies. */
export const addPackage = (folder: string) =>
  run(folder, 'npm', ['install', '--no-save', '--offline', '--no-audit', '--no-fund', tarball()]);

/** A folder with the packages of a lockfile and, beside them, the tarball; or why they could not be fetched. */
export function install(name: 'oldest' | 'newest'): { folder: string } | { missing: string } {
  const folder = newFolder();
  cpSync(join(__dirname, 'installs', name), folder, { recursive: true });
  cpSync(join(__dirname, 'fixtures'), folder, { recursive: true });
  writeFileSync(join(folder, 'keys.yaml'), everything);
  const fetched = run(folder, 'npm', [
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ]);
  if (fetched.status !== 0) return { missing: fetched.stderr.trim().split('\n').slice(0, 3).join(' ') };
  const added = addPackage(folder);
  if (added.status !== 0) throw new Error(`npm refuses the tarball: ${added.stderr}`);
  return { folder };
}

/** Context of an app: none of CDK's feature flags, or all that it recommends. */
export const FLAGS = { 'no feature flag': {}, 'all feature flags': recommended } as const;

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
}

/** The templates of an app by stack. `program` starts it in `folder`. */
export function synthesise(
  folder: string,
  program: readonly string[],
  context: object,
): Readonly<Record<string, Template>> {
  const outdir = newFolder();
  const ran = run(folder, process.execPath, program, {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_VALIDATION: 'false',
  });
  if (ran.status !== 0) throw new Error(`${program.join(' ')} failed in ${folder}: ${ran.stderr}`);
  const templates = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.template.json'),
  );
  return Object.fromEntries(
    templates.map((name) => [basename(name), JSON.parse(readFileSync(join(outdir, name), 'utf8'))]),
  );
}

/** The same app from the sources of this checkout, which bundles its functions itself. */
export function synthesiseCheckout(context: object) {
  const folder = join(ROOT, 'out/checkout-app');
  mkdirSync(folder, { recursive: true });
  cpSync(join(__dirname, 'fixtures/app.ts'), join(folder, 'app.ts'));
  writeFileSync(join(folder, 'keys.yaml'), everything);
  return synthesise(folder, ['--import', 'tsx', 'app.ts'], context);
}

/** Puts the examples that are apps into a folder with the package. */
export function addExamples(folder: string): void {
  for (const example of new Set(APPS.map(dirname)))
    cpSync(join(ROOT, 'examples', example), join(folder, 'examples', example), { recursive: true });
  writeFileSync(
    join(folder, 'examples/tsconfig.json'),
    JSON.stringify({
      extends: '../tsconfig.json',
      // Those of JavaScript are checked as an editor would.
      compilerOptions: { allowJs: true, checkJs: true, rootDir: '.', outDir: 'compiled' },
      files: APPS,
    }),
  );
}

const LASTING = [
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::Scheduler::Schedule',
];

/** What a deployment must never lose: ids of secrets, rotations and checks, and the names and tags of each. */
export const lasting = (templates: Readonly<Record<string, Template>>) =>
  Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => LASTING.includes(Type))
      .map(([id, { Type, Properties }]) => {
        const { Name, Tags } = Properties as { readonly Name?: string; readonly Tags?: readonly object[] };
        return { stack, id, Type, Name, Tags };
      }),
  );
