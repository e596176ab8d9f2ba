import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the demo as a user's shell does, its output piped. */
function demo(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'local/demo.ts'), ...args], {
    cwd: ROOT,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
}

function fleetFile(text: string): string {
  const file = join(folder, 'keys.yaml');
  writeFileSync(file, text);
  return file;
}

test('a flag that it does not know is wrong usage', async () => {
  const { code, out, err } = await demo('--bogus');
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(/--bogus[\s\S]*Usage: npm run demo/);
});

test('a broken fleet file is refused in the app’s own words, without a stack trace', async () => {
  const { code, out, err } = await demo('--keys', fleetFile('environments: {}\n'));
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(/environments is \{\}: expected/);
  expect(err).not.toMatch(/ at .*\.ts/);
});

test('a fleet file that is not there is named with the option of the demo', async () => {
  const { code, err } = await demo('--keys', 'nope.yaml');
  expect({ code, err }).toEqual({
    code: 1,
    err: 'There is no nope.yaml. Name another file with --keys FILE.\n',
  });
});

test('a fleet of one’s own is played by people who follow the mails; JSON is all there is on stdout', async () => {
  const file = fleetFile(`
environments:
  qa:
    alerts: [team@example.org]
    keys:
      search: { owner: search@example.org }
`);
  const mails = join(folder, 'mails');
  const { code, out } = await demo(
    '--keys',
    file,
    '--days',
    '2',
    '--json',
    '--out',
    folder,
    '--mails',
    mails,
  );
  expect(code).toBe(0);
  const notices = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; environment: string; service: string });
  expect(notices.slice(0, 2)).toMatchObject([
    { kind: 'awaiting-first-key', environment: 'qa', service: 'search', severity: 'warning' },
    { kind: 'rotated', environment: 'qa', service: 'search', severity: 'info' },
  ]);
  expect(readdirSync(mails).sort()[0]).toBe('0001-2026-11-22T0530Z-qa-search-awaiting-first-key.txt');
});
