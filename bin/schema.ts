import { readFileSync, writeFileSync } from 'node:fs';
import { fleetJsonSchema } from '../lib/config/schema';

// `npm run schema` writes the JSON schema of keys.yaml; `-- --check` fails if it is outdated.
const FILE = 'keys.schema.json';
const schema = fleetJsonSchema();

if (!process.argv.includes('--check')) writeFileSync(FILE, schema);
else if (readFileSync(FILE, 'utf8') !== schema) {
  console.error(`${FILE} is outdated: run \`npm run schema\` and commit it.`);
  process.exitCode = 1;
}
