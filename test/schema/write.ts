import { readFileSync, writeFileSync } from 'node:fs';
import { fleetJsonSchema } from '../../lib/config/schema';
import { eventJsonSchema } from './event-schema';
import { eventsPage } from './events-page';

// `npm run schema` writes the JSON schemas of keys.yaml and of the events, and the page about these; `-- --check` fails if one is outdated.
const WRITTEN: Readonly<Record<string, (before: string) => string>> = {
  'keys.schema.json': fleetJsonSchema,
  'events.schema.json': eventJsonSchema,
  'docs/events.md': eventsPage,
};

for (const [file, write] of Object.entries(WRITTEN)) {
  const before = readFileSync(file, 'utf8');
  const after = write(before);
  if (!process.argv.includes('--check')) writeFileSync(file, after);
  else if (before !== after) {
    console.error(`${file} is outdated: run \`npm run schema\` and commit it.`);
    process.exitCode = 1;
  }
}
