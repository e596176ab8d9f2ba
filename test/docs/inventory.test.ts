import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INVENTORY_FLAGS } from '../../lib/domain/inventory/flags';
import { ROOT } from '../root';

test('docs/inventory.md says of each flag what the command does, in its order', () => {
  const rows = INVENTORY_FLAGS.map(
    ({ flag, means, advice = '' }) => `| \`${flag}\` | ${means} | ${advice} |`,
  );
  const table = ['| Flag | The key is | What to do |', '|---|---|---|', ...rows].join('\n');
  expect(readFileSync(join(ROOT, 'docs/inventory.md'), 'utf8')).toContain(
    `-->\n\n${table}\n\n<!-- /flags -->`,
  );
});
