import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import manifest from '../../package.json';
import { ROOT } from '../root';

jest.setTimeout(120_000);

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

test('the tarball holds what an app needs, and nothing else', () => {
  const roles = readdirSync(join(ROOT, 'lambda')).map((file) => basename(file, '.ts'));
  const expected = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES', 'package.json', 'keys.schema.json'],
    ...['cli.js', 'index.js', 'index.d.ts'],
    ...roles.map((role) => `functions/${role}/index.mjs`),
  ];
  const known = new Set([...expected, 'consumer.js', 'consumer.d.ts', 'events.schema.json']);
  expect(files).toEqual(expect.arrayContaining(expected));
  expect(
    files.filter((file) => !known.has(file) && !/^types\/(lib|consumer)\/.*\.d\.ts$/.test(file)),
  ).toEqual([]);
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

test('what its files ask for at run time is Node.js, or a peer', () => {
  const { builtinModules } = require('node:module') as typeof import('node:module');
  const asked = [...staged('index.js').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
  expect(asked.length).toBeGreaterThan(10);
  const outside = asked.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
  expect(outside.filter((name) => !/^(aws-cdk-lib\/.+|constructs)$/.test(name))).toEqual([]);
});

test('no file names a folder of the machine that built it', () => {
  expect(files.filter((file) => staged(file).includes(ROOT))).toEqual([]);
});

test('the program is started by node, and may be', () => {
  expect(staged('cli.js').split('\n', 1)).toEqual(['#!/usr/bin/env node']);
  expect(execFileSync('tar', ['-tvzf', tarball, 'package/cli.js'], { encoding: 'utf8' })).toMatch(/^-rwx/);
});

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
