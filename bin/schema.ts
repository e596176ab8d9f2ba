import { readFileSync, writeFileSync } from 'node:fs';
import { fleetJsonSchema } from '../lib/config/schema';

// `npm run schema` writes the schema of keys.yaml for editors; `-- --check` fails where it is not current.
const FILE = 'keys.schema.json';
const schema = fleetJsonSchema();

if (!process.argv.includes('--check')) writeFileSync(FILE, schema);
else if (readFileSync(FILE, 'utf8') !== schema) {
  console.error(`${FILE} is not current: run \`npm run schema\` and commit it.`);
  process.exitCode = 1;
}
