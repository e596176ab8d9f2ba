import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import { apiPage } from './api-page';

test('docs/api.md is what the docstrings say: `npm run api` writes it', () => {
  expect(readFileSync(join(ROOT, 'docs/api.md'), 'utf8')).toBe(apiPage());
});
