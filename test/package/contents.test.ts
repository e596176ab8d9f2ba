import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import manifest from '../../package.json';
import { type ReleaseInterface, RULES } from '../../packaging/release-changes';
import { ROOT } from '../root';

const STAGED = join(ROOT, 'out/package');

/** Once, as `npm run package` does. */
const told = execFileSync(process.execPath, ['--import', 'tsx', 'packaging/package.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const tarball = join(ROOT, `out/anthropic-key-rotation-${manifest.version}.tgz`);
const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((name) => name.replace(/^package\//, ''))
  .sort();
const staged = (file: string) => readFileSync(join(STAGED, file), 'utf8');

const pages = files.filter((file) => file.endsWith('.md'));

test('the tarball holds what an app needs, and nothing else', () => {
  const roles = readdirSync(join(ROOT, 'lambda')).map((file) => basename(file, '.ts'));
  const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
  const expected = [
    ...['package.json', 'LICENSE', 'THIRD-PARTY-NOTICES', 'README.md', 'CHANGELOG.md', 'SECURITY.md'],
    ...['index.js', 'index.d.ts', 'consumer.js', 'consumer.d.ts', 'cli.js'],
    ...['keys.schema.json', 'events.schema.json', 'interface.json'],
    ...roles.map((role) => `functions/${role}.mjs`),
    ...docs.map((file) => `docs/${file}`),
  ];
  const shared = files.filter((file) => file.startsWith('functions/shared/'));
  expect(shared.filter((file) => !/-[0-9A-Z]{8}\.mjs$/.test(file))).toEqual([]);
  expect(files.filter((file) => !/^(types|cli)\//.test(file))).toEqual([...expected, ...shared].sort());
  expect(files.filter((file) => file.startsWith('cli/') && !file.endsWith('.js'))).toEqual([]);
  const types = files.filter((file) => file.startsWith('types/'));
  expect(types).toEqual(expect.arrayContaining(['types/lib/index.d.ts', 'types/consumer/index.d.ts']));
  expect(types.filter((file) => !/^types\/(lib|consumer)\/.*\.d\.ts$/.test(file))).toEqual([]);
});

test('every link of its pages that leads to a file leads to one inside', () => {
  const links = pages.flatMap((page) =>
    [...staged(page).matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, path]) => [page, path!] as const),
  );
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(([page, path]) => !files.includes(join(dirname(page), path)))).toEqual([]);
});

test('it carries the interface of its release, with which the next one is compared', () => {
  const { release, sections } = JSON.parse(staged('interface.json')) as ReleaseInterface;
  expect(release).toBe(manifest.version);
  expect(Object.keys(sections).sort()).toEqual(Object.keys(RULES).sort());
});

test('the tarball is at most three megabytes', () => {
  expect(readFileSync(tarball).length).toBeLessThanOrEqual(3_000_000);
  expect(told).toMatch(/kB packed, [\d,]+ kB unpacked$/m);
});

test('it needs nothing but peers, which are optional', () => {
  const packed = JSON.parse(staged('package.json'));
  expect(packed).toMatchObject({ name: manifest.name, version: manifest.version, license: manifest.license });
  for (const field of ['private', 'dependencies', 'devDependencies', 'scripts'])
    expect(packed).not.toHaveProperty(field);
  expect(Object.keys(packed.peerDependenciesMeta)).toEqual(Object.keys(packed.peerDependencies));
});

test.each([
  ['index.js', 10, /^(aws-cdk-lib\/.+|constructs)$/],
  ['consumer.js', 1, /^@aws-sdk\/client-secrets-manager$/],
])('what %s asks for at run time is Node.js, or a peer', (file, least, peers) => {
  const { builtinModules } = require('node:module') as typeof import('node:module');
  const asked = [...staged(file).matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name!);
  expect(asked.length).toBeGreaterThanOrEqual(least);
  const outside = asked.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
  expect(outside.filter((name) => !peers.test(name))).toEqual([]);
});

test('no file names a folder of the machine that built it', () => {
  expect(files.filter((file) => staged(file).includes(ROOT))).toEqual([]);
});

test('the program is started by node, and may be', () => {
  expect(staged('cli.js').split('\n', 1)).toEqual(['#!/usr/bin/env node']);
  expect(execFileSync('tar', ['-tvzf', tarball, 'package/cli.js'], { encoding: 'utf8' })).toMatch(/^-rwx/);
});

/** Files of the package that a command line loads, and their bytes. */
function loadedBy(...argv: readonly string[]): { readonly names: readonly string[]; readonly bytes: number } {
  const told = join(mkdtempSync(join(tmpdir(), 'loaded-')), 'files');
  const tell = `data:text/javascript,import { writeFileSync } from 'node:fs'; import { createRequire } from 'node:module'; const { cache } = createRequire('/'); process.on('exit', () => writeFileSync('${told}', Object.keys(cache).join('\\n')));`;
  execFileSync(process.execPath, ['--import', tell, join(STAGED, 'cli.js'), ...argv], { stdio: 'ignore' });
  const paths = readFileSync(told, 'utf8').split('\n');
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  return { names: paths.map((path) => basename(path).replace(/-\w{8}\.js$/, '')), bytes };
}

test.each([['--help'], ['complete', '--', 'st']])(
  '%s loads no client, no fleet file and no prompt',
  (...argv) => {
    const { names, bytes } = loadedBy(...argv);
    expect(names).toContain('cli.js');
    expect(bytes).toBeLessThan(400_000);
    for (const lazy of [
      'operator',
      'operator-on-demand',
      'aws-settings',
      'load',
      'esm',
      'outbound-packages',
      'dist-es',
    ])
      expect(names).not.toContain(lazy);
  },
);

const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

test('every package whose code is inside is named with a permissive licence and its text', () => {
  const sections = staged('THIRD-PARTY-NOTICES')
    .split(`\n${'='.repeat(100)}\n`)
    .slice(1);
  const packages = sections.flatMap((section) => section.trim().split('\n\n', 1)[0]!.split('\n'));
  for (const name of ['@anthropic-ai/sdk', '@aws-sdk/client-secrets-manager', 'commander', 'yaml', 'zod'])
    expect(packages).toContainEqual(expect.stringMatching(`^${name} \\d`));
  const licences = packages.map((line) => /\(([^)]+)\)$/.exec(line)?.[1] ?? line);
  expect([...new Set(licences)].filter((licence) => !PERMISSIVE.includes(licence))).toEqual([]);
  for (const section of sections)
    expect(section.trim().split('\n\n').slice(1).join('').length).toBeGreaterThan(500);
});
