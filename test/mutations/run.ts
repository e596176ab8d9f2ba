import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { MUTATIONS, type Mutation } from './mutations';

const ROOT = resolve(__dirname, '../..');

/** What a copy of the project needs to run its tests. */
const PARTS = [
  'lib',
  'lambda',
  'consumer',
  'local',
  'test',
  'bin',
  'packaging',
  'jest.config.js',
  'package.json',
  'cdk.json',
  'tsconfig.json',
];

/** Copies that are mutated side by side. */
const COPIES = 2;

/**
 * Applies each fault to a copy of the project and runs the test that must notice. That it passes without the fault is shown by `npm test`. Each copy
 * takes the next fault when it is done with one. Given words, it takes the faults whose invariant or file has one of them.
 */
async function main(words: readonly string[]): Promise<number> {
  const wanted = ({ invariant, file }: Mutation) =>
    words.length === 0 || words.some((word) => `${file} ${invariant}`.includes(word));
  const chosen = [...MUTATIONS.entries()].filter(([, mutation]) => wanted(mutation));
  const left = [...chosen];
  const escaped: Mutation[] = [];
  await Promise.all(
    Array.from({ length: COPIES }, async () => {
      const copy = copyProject();
      try {
        for (let next = left.shift(); next; next = left.shift()) {
          const [index, mutation] = next;
          if (!(await isNoticed(mutation, index, copy))) escaped.push(mutation);
        }
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    }),
  );
  console.info(`\n${chosen.length - escaped.length} of ${chosen.length} mutations noticed`);
  return escaped.length === 0 && chosen.length > 0 ? 0 : 1;
}

function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function isNoticed(
  { invariant, file, replace: [from, to], noticedBy: [test, name] }: Mutation,
  index: number,
  copy: string,
): Promise<boolean> {
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
  const after = await run(copy, test, name);
  writeFileSync(path, sound);
  verdict(after === 'failed' ? `noticed by "${name}"` : `ESCAPED, "${name}" ${after}`);
  return after === 'failed';
}

/** Runs the tests of one file whose names begin so. */
async function run(
  copy: string,
  test: string,
  name: string,
): Promise<'passed' | 'failed' | 'matched no test'> {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, test, '-t', pattern, '--json', '--silent', '--runInBand'], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [stdout, status] = await Promise.all([text(child.stdout), exitOf(child)]);
  const { numPassedTests, numFailedTests } = JSON.parse(stdout) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  if (numPassedTests + numFailedTests === 0) return 'matched no test';
  return status === 0 ? 'passed' : 'failed';
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
