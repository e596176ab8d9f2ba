import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, SCHEMAS } from './entries';

/** Pages for those who use the package. What a mail or an alarm names is one of them: the runbook of the release that is installed. */
const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

const INSIDE = new Set([...PAGES, ...SCHEMAS, 'LICENSE']);

/**
 * The pages of the package by their paths. A link to what only the repository has is its text alone: nobody could follow it. So is every link to a
 * folder.
 */
export const documents = (): ReadonlyMap<string, string> =>
  new Map(PAGES.map((page) => [page, withoutOutwardLinks(page, readFileSync(join(ROOT, page), 'utf8'))]));

const LINK = /\[([^\]]+)\]\((?!\w+:)([^)#\s]+)(?:#[^)\s]*)?\)/g;

const withoutOutwardLinks = (page: string, text: string) =>
  text.replace(LINK, (link, words: string, path: string) => {
    const target = join(dirname(page), path);
    if (!existsSync(join(ROOT, target))) throw new Error(`${page} links ${path}, which does not exist.`);
    return INSIDE.has(target) ? link : words;
  });
