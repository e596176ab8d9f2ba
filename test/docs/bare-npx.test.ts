import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';

/** What would run whatever a stranger has published under our command's name. */
const BARE = /\b(?:npx|npm exec|npm x|pnpx|bunx|yarn dlx|pnpm dlx)\s+(?:--?\S+\s+)*anthropic-keys\b/;

test('nothing tells people to run our command out of a registry', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(
      (file) => file !== '' && !file.endsWith('package-lock.json') && !file.endsWith('bare-npx.test.ts'),
    );
  const guilty = files.filter((file) => BARE.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(files.length).toBeGreaterThan(100);
  expect(guilty).toEqual([]);
});

test.each(['npx anthropic-keys status', 'npx -y anthropic-keys', 'npm exec anthropic-keys submit'])(
  '`%s` would be found',
  (text) => {
    expect(BARE.test(text)).toBe(true);
  },
);
