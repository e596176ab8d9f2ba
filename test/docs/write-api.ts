import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';
import { apiPage } from './api-page';

// `npm run api` writes docs/api.md. A test says if it is outdated.
writeFileSync(join(ROOT, 'docs/api.md'), apiPage());
