import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../root';

const DOCUMENTS = [
  ...readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('examples', name)),
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The anchors of a document's headings, as GitHub and most other viewers make them. */
const anchors = (text: string) =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

/** Links within this repository that lead nowhere. */
const lost = (file: string) =>
  [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    .filter(([, path, anchor]) => {
      const target = path ? join(dirname(file), path) : file;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    })
    .map(([link]) => link);

test.each(DOCUMENTS)('every link of %s within this repository leads somewhere', (file) => {
  expect(lost(file)).toEqual([]);
});

/** Sections that a text names in quotes, as `"Removal" in docs/upgrade-and-remove.md` and `docs/upgrade-and-remove.md, "Removal"`. */
const cited = (text: string): (readonly [file: string, section: string])[] => [
  ...[...text.matchAll(/"([^"\n]+)" in (?:the )?(README|[\w/-]+\.md)/g)].map(
    ([, section, file]) => [file === 'README' ? 'README.md' : file!, section!] as const,
  ),
  ...[...text.matchAll(/([\w/-]+\.md), "([^"\n]+)"/g)].map(([, file, section]) => [file!, section!] as const),
];

const SOURCES = ['lib', 'lambda', 'bin', 'local'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

test('a section that documents or comments name in quotes is there by that name', () => {
  const headings = (file: string) => [...read(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!);
  const all = [...DOCUMENTS, ...SOURCES].flatMap((file) => cited(read(file)));
  expect(all).not.toEqual([]);
  expect(all.filter(([file, section]) => !headings(file).includes(section))).toEqual([]);
});

test.each(DOCUMENTS)('every npm script that %s names exists', (file) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(file).matchAll(/npm run ([a-z][a-z0-9:]*)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
