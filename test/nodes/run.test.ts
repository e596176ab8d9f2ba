import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../root';
import { fetchNode, findNode } from './find-node';

let folder: string;
const { PATH } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodes-'));
});

afterEach(() => {
  process.env.PATH = PATH;
  delete process.env.NODE99;
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A program of this name that runs these lines of a shell. */
function program(name: string, ...lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

/** A Node.js that says this version, and on which every suite ends so. */
const fakeNode = (version: string, exit: number) =>
  program(`node-${version}`, `[ "$1" = --version ] && echo v${version} && exit 0`, `exit ${exit}`);

/** The run where all versions but the one in use are fakes. */
function run(exits: Readonly<Record<number, number>>) {
  const fakes = Object.entries(exits).map(([major, exit]) => [
    `NODE${major}`,
    fakeNode(`${major}.7.0`, exit),
  ]);
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'test/nodes/run.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...Object.fromEntries(fakes) },
  });
  return { status, said: stdout.split('\n').filter((line) => /: (passed|FAILED)$/.test(line)) };
}

const others = [20, 22, 24].filter((major) => !process.versions.node.startsWith(`${major}.`));

test('every supported version but the one in use is tried, and passes', () => {
  expect(run(Object.fromEntries(others.map((major) => [major, 0])))).toEqual({
    status: 0,
    said: others.map((major) => `Node.js ${major}.7.0: passed`),
  });
});

test.each(others)('a failure on Node.js %s fails the run, which names it and tries the others', (bad) => {
  const exits = Object.fromEntries(others.map((major) => [major, major === bad ? 1 : 0]));
  expect(run(exits)).toEqual({
    status: 1,
    said: others.map((major) => `Node.js ${major}.7.0: ${major === bad ? 'FAILED' : 'passed'}`),
  });
});

test('the one in use is found, one that its variable names, and no other', () => {
  const { node } = process.versions;
  expect(findNode(Number.parseInt(node, 10))?.version).toBe(node);
  expect(findNode(99)).toBeUndefined();
  process.env.NODE99 = fakeNode('98.7.0', 0);
  expect(findNode(99)).toBeUndefined();
  process.env.NODE99 = fakeNode('99.7.0', 0);
  expect(findNode(99)).toEqual({ command: process.env.NODE99, version: '99.7.0' });
});

test.each<[string, readonly string[], string]>([
  [
    'npm is refused',
    ['echo npm error code E404 >&2', 'exit 1'],
    `npm cannot fetch node-${process.platform}-${process.arch}@99: npm error code E404`,
  ],
  [
    'what it fetches is not there',
    ['exit 0'],
    `node-${process.platform}-${process.arch}@99, which npm fetched, does not start`,
  ],
])('where %s, the reason is given', (_, lines, why) => {
  program('npm', ...lines);
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  expect(fetchNode(99)).toBe(why);
});
