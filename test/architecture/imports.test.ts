import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import { DIRECT_DEPENDENCIES } from './bundle-dependencies';
import { analyse, type Source, sourcesIn } from './source';
import { ENTRIES, EXCEPTIONS, roomOf, TABLE } from './table';

const sources = sourcesIn('lib', 'lambda', 'bin', 'packaging', 'local', 'consumer');

/** Imports of a file that the table does not allow. */
function strays({ file, imports }: Source): string[] {
  const room = roomOf(file);
  const { rooms, files = [], packages = [] } = TABLE[room];
  const allowedPackages = [...packages, ...(EXCEPTIONS[file] ?? [])];
  return imports
    .filter(({ of, ours, typeOnly }) =>
      ours
        ? roomOf(of) !== room && !rooms.includes(roomOf(of)) && !files.includes(of)
        : !typeOnly && !allowedPackages.some((pattern) => fits(of, pattern)),
    )
    .map(({ of }) => `${file} imports ${of}`);
}

const fits = (specifier: string, pattern: string) =>
  pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : specifier === pattern;

test('every source file is in a room that the table knows', () => {
  expect([...new Set(sources.map(({ file }) => roomOf(file)))].sort()).toEqual(Object.keys(TABLE).sort());
});

test('no file imports from a room that the table does not allow', () => {
  expect(sources.flatMap(strays)).toEqual([]);
});

test('only entries read the clock and the environment', () => {
  const asking = sources.filter(
    ({ file, ambient }) => ambient.length > 0 && !ENTRIES.some((entry) => entry.test(file)),
  );
  expect(asking.map(({ file, ambient }) => `${file}: ${ambient}`)).toEqual([]);
});

test('a function’s entry is only an entry', () => {
  const lines = sourcesIn('lambda').map(
    ({ file }) => readFileSync(join(ROOT, file), 'utf8').split('\n').length,
  );
  expect(Math.max(...lines)).toBeLessThanOrEqual(40);
});

test.each([
  ['lib/domain/policy.ts', "import { toStageMove } from '../contract/labels';"],
  ['lib/domain/policy.ts', "import { readFileSync } from 'node:fs';"],
  ['lib/domain/policy.ts', "export * from '../workflows/ports';"],
  ['lib/contract/names.ts', "const cdk = import('aws-cdk-lib');"],
  ['lib/workflows/check.ts', "import type { Runtime } from '../adapters/runtime';"],
  ['lib/workflows/check.ts', "type Runtime = import('../adapters/runtime').Runtime;"],
  ['lib/adapters/sns.ts', "import { checkKey } from '../workflows/check';"],
  ['lib/cli/context.ts', "import { createSecretStore } from '../adapters/secrets-manager';"],
  ['lambda/check.ts', "import { loadFleet } from '../lib/config/load';"],
  ['local/world.ts', "import { addFleet } from '../lib/stacks';"],
])('in %s the import `%s` would be found', (file, text) => {
  expect(strays({ file, ...analyse(text, file) })).toHaveLength(1);
});

test.each([
  'const now = new Date();',
  'const now = new Date;',
  'const now = Date.now();',
  'const { HOME } = process.env;',
])('`%s` would be found', (text) => {
  expect(analyse(text, 'lib/domain/time.ts').ambient).toHaveLength(1);
});

test('types of packages and dates from a value are allowed', () => {
  const text = "import type { App } from 'aws-cdk-lib'; const then = new Date(Math.min(1, 2));";
  expect(analyse(text, 'lib/domain/time.ts').ambient).toEqual([]);
  expect(strays({ file: 'lib/domain/time.ts', ...analyse(text, 'lib/domain/time.ts') })).toEqual([]);
});

test('the documented tables are the tested ones', () => {
  const document = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const read = new Map(
    [...document.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name, cell]) => [name!, cell!]),
  );
  for (const [room, { rooms }] of Object.entries(TABLE))
    expect([room, read.get(room)?.match(/[a-z]+/g) ?? []]).toEqual([room, rooms]);
  for (const [name, reason] of Object.entries(DIRECT_DEPENDENCIES))
    expect([name, read.get(name)]).toEqual([name, reason]);
});
