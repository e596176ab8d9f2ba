import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from './entries';
import { MIT, MIT_0 } from './licence-texts';

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** What came with it, or the standard text of its licence. */
  readonly text: string;
}

/** Texts of licences that some packages name without having them. */
const STANDARD: Readonly<Record<string, (holder: string) => string>> = {
  'Apache-2.0': () => readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim(),
  MIT: (holder) => `Copyright ${holder}\n\n${MIT}`,
  'MIT-0': (holder) => `Copyright ${holder}\n\n${MIT_0}`,
};

/** The packages that some bundles hold code of, with their licences. @throws Error if one has neither a text nor a known licence */
export function thirdParties(bundles: readonly Metafile[]): string {
  const packages = new Map(foldersIn(bundles).map((folder) => [folder, read(folder)]));
  const byText = new Map<string, Set<string>>();
  for (const { name, version, license, text } of packages.values())
    byText.set(text, (byText.get(text) ?? new Set()).add(`${name} ${version} (${license})`));
  const sections = [...byText].map(([text, names]) => `${[...names].join('\n')}\n\n${text}\n`);
  return [HEAD, ...sections].join(`\n${'='.repeat(100)}\n\n`);
}

const HEAD = 'The files of this package hold code of the packages below, under these licences.\n';

/** Folders of packages that some code of got into a bundle, in the order of their names. */
function foldersIn(bundles: readonly Metafile[]): string[] {
  const inputs = bundles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs)),
  );
  const folders = inputs.flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []) : [],
  );
  return [...new Set(folders)].sort();
}

function read(folder: string): Bundled {
  const path = join(ROOT, folder);
  const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const files = readdirSync(path).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(path, file), 'utf8').trim());
  const holder = author?.name ?? author ?? `the authors of ${name}`;
  const text = texts.length > 0 ? texts.join('\n\n') : STANDARD[license]?.(holder);
  if (!text)
    throw new Error(`${name} ${version} has no licence text, and ${license} is not a known licence.`);
  return { name, version, license, text };
}
