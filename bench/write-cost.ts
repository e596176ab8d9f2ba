import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCosts, writeInto } from './cost/page';

const PAGE = join(__dirname, '../docs/cost.md');

measureCosts().then((costs) => writeFileSync(PAGE, writeInto(readFileSync(PAGE, 'utf8'), costs)));
