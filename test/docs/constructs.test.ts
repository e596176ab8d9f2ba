import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPS } from '../examples/synthesised';
import { ROOT } from '../root';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
/** Programs that are type-checked with the project, and synthesised by test/examples. */
const examples = APPS.filter((app) => app.endsWith('.ts'));

const snippets = [...read('docs/constructs.md').matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, snippet]) => [snippet!.split('\n', 1)[0]!, snippet!] as const,
);

test('the page has snippets', () => {
  expect(snippets.length).toBeGreaterThan(8);
});

test.each(snippets)('`%s` and what follows it are lines of an example', (_, snippet) => {
  const sources = examples.filter((file) => `\n${read('examples', file)}`.includes(`\n${snippet}`));
  expect(sources).not.toEqual([]);
});
