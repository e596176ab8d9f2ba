import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';

/** Programs that fetch what they run, with their options and the name of our command or package. */
const RUNS =
  /\b(?:npx|npm exec|npm x|pnpx|pnx|bunx|bun x|yarn dlx|pnpm dlx)\s+(?:--?\S*\s+)*anthropic-key(?:s|-rotation)\b/g;

/** Commands that fetch our package by its name. From a file it is named by a path, which ends in `.tgz`. */
const INSTALLS =
  /\b(?:npm|pnpm|yarn|bun)\s+(?:i|install|add|create|init|update|up)\s+(?:--?\S*\s+|[\w@.-]+\s+)*anthropic-key(?:s|-rotation)\b(?!\S*\.tgz)/g;

/** It runs what is installed: `--no` fetches nothing, and without `--` npm would take options for its own. */
const SAFE = /^npx --no -- anthropic-keys$/;

/** What would run or install whatever a stranger has published under one of our names. */
const unsafeIn = (text: string) => [
  ...[...text.matchAll(RUNS)].map(([call]) => call).filter((call) => !SAFE.test(call)),
  ...[...text.matchAll(INSTALLS)].map(([call]) => call),
];

/** They name what is refused. */
const COUNTEREXAMPLES = ['test/docs/bare-npx.test.ts', 'test/config/cli-command.test.ts'];

test('nothing tells people to run or install something of our name out of a registry', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && !file.endsWith('package-lock.json') && !COUNTEREXAMPLES.includes(file));
  const guilty = files.flatMap((file) =>
    unsafeIn(readFileSync(join(ROOT, file), 'utf8')).map((call) => [file, call]),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(guilty).toEqual([]);
});

test.each([
  'npx anthropic-keys status',
  'npx -y anthropic-keys',
  'npx --no anthropic-keys',
  'npx -- anthropic-keys',
  'npx --yes -- anthropic-keys',
  'npx --no -y -- anthropic-keys',
  'npx --no -- anthropic-key-rotation',
  'npx  --no  --  anthropic-keys',
  'npm exec anthropic-keys submit',
  'npm exec --no -- anthropic-keys',
  'pnpm dlx anthropic-keys',
  'yarn dlx anthropic-keys',
  'bunx anthropic-keys',
  'npm install anthropic-key-rotation',
  'npm install --save-exact anthropic-key-rotation@0.1.0',
  'npm i aws-cdk-lib constructs anthropic-key-rotation',
  'npm update anthropic-key-rotation',
  'pnpm add anthropic-key-rotation',
  'npm create anthropic-keys',
])('`%s` would be found', (text) => {
  expect(unsafeIn(text)).toHaveLength(1);
});

test.each([
  'npx --no -- anthropic-keys status',
  'pnpm exec anthropic-keys status',
  'npm install ../anthropic-key-rotation/out/anthropic-key-rotation-0.1.0.tgz',
  'npm install --save-exact ./vendor/anthropic-key-rotation-0.1.0.tgz',
  'npm install',
])('`%s` is fine', (text) => {
  expect(unsafeIn(text)).toEqual([]);
});
