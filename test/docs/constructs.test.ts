import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const EXAMPLES = 'examples/cdk-app';

/** Programs that are type-checked with the project, and synthesised by test/constructs/public-api.test.ts. */
const examples = readdirSync(join(ROOT, EXAMPLES)).filter((file) => file.endsWith('.ts'));

const snippets = [...read('docs/constructs.md').matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, snippet]) => [snippet!.split('\n', 1)[0]!, snippet!] as const,
);

test('the page has snippets', () => {
  expect(snippets.length).toBeGreaterThan(8);
});

test.each(snippets)('`%s` and what follows it are lines of an example', (_, snippet) => {
  const sources = examples.filter((file) => `\n${read(EXAMPLES, file)}`.includes(`\n${snippet}`));
  expect(sources).not.toEqual([]);
});

test('every example is synthesised', () => {
  const tests = read('test/constructs/public-api.test.ts');
  for (const file of examples) expect(tests).toContain(`synthesised('${file.replace('.ts', '')}')`);
});
