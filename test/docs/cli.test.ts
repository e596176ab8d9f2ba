import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../lib/cli/parse';
import { VERBS } from '../../lib/cli/verbs';
import { commandTable, documentTable } from '../../local/cli/command-table';
import { ROOT } from '../root';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('docs/cli.md lists every command, in the order and words of the help: npx tsx local/cli/record-session.ts', () => {
  const page = read('docs/cli.md');
  expect([...page.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name)).toEqual(VERBS.map(({ name }) => name));
  expect(page).toContain(`-->\n\n${commandTable()}\n<!-- /commands -->`);
});

test('docs/cli.md lists the schema of every JSON document', () => {
  expect(read('docs/cli.md')).toContain(`-->\n\n${documentTable()}\n<!-- /documents -->`);
});

test('the session that docs/cli.md shows is the recorded one', () => {
  const [, shown] = /^<!-- cli-session.*-->\n\n```text\n([\s\S]*?)^```$/m.exec(read('docs/cli.md')) ?? [];
  expect(shown).toBe(read('docs/cli-session.txt'));
});

const PAGES = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

test.each([...PAGES, 'README.md'])('every command line in %s is one that parses', (file) => {
  // What a recorded session shows was parsed when it was recorded.
  const written = read(file).replace(/^<!-- cli-session[\s\S]*<!-- \/cli-session -->$/m, '');
  const lines = [...written.matchAll(/npx --no -- anthropic-keys ([a-z][^`|#\n]*)/g)].map(([, line]) =>
    line!.trim(),
  );
  for (const line of lines) {
    const words = line
      .replace(/ > .*| < .*| {2,}.*/, '')
      .replace(/<[^>]+>/g, 'prod/api')
      .match(/"[^"]*"|\S+/g)!;
    const parsed = parse(
      words.map((word) => word.replaceAll('"', '')),
      VERBS,
    );
    expect([line, parsed.kind === 'say' && parsed.exit !== 0 ? parsed.text : '']).toEqual([line, '']);
  }
});

test('the form for scripts prints one JSON document and nothing else, also where it fails', () => {
  const [line] = /^npx --no -- anthropic-keys status .*--json/m.exec(read('docs/cli.md'))!;
  const nobody = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const { status, stdout } = spawnSync('npx', line.split(' ').slice(1), {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true', ...nobody },
  });
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    schema: 'anthropic-key-rotation/error/1',
    error: expect.stringContaining('Sign in to AWS first'),
  });
});
