import { join } from 'node:path';
import type { Topic } from './figure';

/** Measures one topic in a process of its own, so that no topic runs on code and memory that another one has warmed up. */
async function main(): Promise<void> {
  const { measure } = require(join(__dirname, 'figures', `${process.argv[2]}.ts`)) as Topic;
  process.send!(await measure());
}

main().then(
  () => process.disconnect(),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
