import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MUTATIONS, type Mutation } from './mutations';

const ROOT = resolve(__dirname, '../..');

/** What a copy of the project needs to run its tests. */
const PARTS = ['lib', 'lambda', 'local', 'test', 'bin', 'jest.config.js', 'package.json', 'tsconfig.json'];

/** Applies each fault to a copy of the project and runs the test that must notice. That it passes without the fault is shown by `npm test`. */
function main(): number {
  const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
  try {
    for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const escaped = MUTATIONS.filter((mutation, index) => !isNoticed(mutation, index, copy));
    console.info(`\n${MUTATIONS.length - escaped.length} of ${MUTATIONS.length} mutations noticed`);
    return escaped.length === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function isNoticed(
  { invariant, file, replace: [from, to], noticedBy: [test, name] }: Mutation,
  index: number,
  copy: string,
) {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  const verdict = (text: string) => console.info(`${String(index + 1).padStart(2)}. ${invariant}: ${text}`);
  if (sound.split(from).length !== 2) {
    verdict(`STALE, ${file} does not hold this text exactly once: ${from}`);
    return false;
  }
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  const after = run(copy, test, name);
  writeFileSync(path, sound);
  verdict(after === 'failed' ? `noticed by "${name}"` : `ESCAPED, "${name}" ${after}`);
  return after === 'failed';
}

/** Runs the tests of one file whose names begin so. */
function run(copy: string, test: string, name: string): 'passed' | 'failed' | 'matched no test' {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status, stdout } = spawnSync(process.execPath, [jest, test, '-t', pattern, '--json', '--silent'], {
    cwd: copy,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const { numPassedTests, numFailedTests } = JSON.parse(stdout) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  if (numPassedTests + numFailedTests === 0) return 'matched no test';
  return status === 0 ? 'passed' : 'failed';
}

process.exitCode = main();
