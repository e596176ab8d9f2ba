import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import { apiPage } from './api-page';

// `npm run api` writes docs/api.md; `-- --check` fails if it is outdated.
const FILE = 'docs/api.md';
const page = apiPage();

if (!process.argv.includes('--check')) writeFileSync(join(ROOT, FILE), page);
else if (readFileSync(join(ROOT, FILE), 'utf8') !== page) {
  console.error(`${FILE} is outdated: run \`npm run api\` and commit it.`);
  process.exitCode = 1;
}
