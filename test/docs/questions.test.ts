import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, type Page } from '../../local/prove/documents';
import { QUESTIONS, type Question } from '../../local/prove/questions';
import { ROOT } from '../root';

const PAGES: readonly Page[] = ['anthropic.md', 'proven.md'];

/** Where a question is missing, and the line that is to be written there. */
function gaps(page: Page, document: string, listed: Readonly<Record<string, Question>> = QUESTIONS) {
  const found = asked[page](document);
  const ids = found.map(({ id }) => id);
  const own = page === 'anthropic.md' ? ['byKey', 'atAnthropic'] : ['byDeployment', 'atAws'];
  const name = (byProof: boolean) => own[byProof ? 0 : 1];
  const of = (id: string) => (listed[id]?.page === page ? listed[id] : undefined);
  return [
    ...found
      .filter(({ id }) => !/^[a-z0-9-]+$/.test(id))
      .map(({ id }) => `docs/${page}: begin with an id, as \`feed-delay\`, what begins with "${id}"`),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `docs/${page}: ${id} is there twice`),
    ...found
      .filter(({ id }) => /^[a-z0-9-]+$/.test(id) && !of(id))
      .map(({ id, byProof }) => `local/prove/questions.ts: add  '${id}': ${name(byProof)},`),
    ...found
      .filter(({ id, byProof }) => of(id) && (of(id)!.by !== 'person') !== byProof)
      .map(({ id, byProof }) =>
        byProof
          ? `local/prove/questions.ts: docs/${page} says that a proof settles ${id}`
          : `docs/${page}: say that ${of(id)!.by} settles ${id}`,
      ),
    ...Object.keys(listed)
      .filter((id) => of(id) && !ids.includes(id))
      .map(
        (id) =>
          `docs/${page}: nothing asks ${id} any more; add it there, or remove it from local/prove/questions.ts`,
      ),
  ];
}

const read = (page: Page) => readFileSync(join(ROOT, 'docs', page), 'utf8');

test.each(PAGES)('%s and the list of questions ask the same, and agree on who settles it', (page) => {
  expect(asked[page](read(page)).length).toBeGreaterThan(15);
  expect(gaps(page, read(page))).toEqual([]);
});

const TABLE = `## Not established

| Id | Question | Why | Settled by |
| --- | --- | --- | --- |
| \`feed-delay\` | How long? | nothing waits | a call |
| \`new-one\` | What \\| how? | nothing | \`prove:anthropic\` |
| Without one | Why? | nothing | a call |

## Next
`;

test('a row without an id, one that is not listed and one that is not asked are each named, with what to write', () => {
  const listed = {
    'feed-delay': { page: 'anthropic.md', by: 'prove:anthropic' },
    'feed-absent': { page: 'anthropic.md', by: 'person' },
  } as const;
  expect(gaps('anthropic.md', TABLE, listed)).toEqual([
    'docs/anthropic.md: begin with an id, as `feed-delay`, what begins with "Without one"',
    "local/prove/questions.ts: add  'new-one': byKey,",
    'docs/anthropic.md: say that prove:anthropic settles feed-delay',
    'docs/anthropic.md: nothing asks feed-absent any more; add it there, or remove it from local/prove/questions.ts',
  ]);
});

test('an item of a list counts with all its lines, and ids of the other page do not', () => {
  const list = `## Not yet proven on a real account\n\nText:\n\n- [ ] \`a-b\` *(proof)* That it\n      goes on.\n- [x] No id.\n\n## Else\n\n- [ ] \`c\` no\n`;
  expect(asked['proven.md'](list)).toEqual([
    { id: 'a-b', text: '- [ ] `a-b` *(proof)* That it\n      goes on.', byProof: true },
    { id: 'No id.', text: '- [x] No id.', byProof: false },
  ]);
  expect(gaps('proven.md', list, { 'feed-delay': { page: 'anthropic.md', by: 'person' } })).toEqual([
    'docs/proven.md: begin with an id, as `feed-delay`, what begins with "No id."',
    "local/prove/questions.ts: add  'a-b': byDeployment,",
  ]);
});
