import type { Source } from './source';

/** Circular imports, types included. Each is the path from its first file back to it. */
export function circlesIn(sources: readonly Pick<Source, 'file' | 'imports'>[]): readonly string[] {
  const next = new Map(
    sources.map(({ file, imports }) => [
      bare(file),
      imports.filter(({ ours }) => ours).map(({ of }) => bare(of)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const begun = path.indexOf(file);
    if (begun >= 0) circles.push([...path.slice(begun), file].join(' → '));
    if (begun >= 0 || done.has(file)) return;
    for (const imported of next.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return circles;
}

/** Without extension; a folder is its index. */
const bare = (path: string) => path.replace(/\.ts$/, '').replace(/\/index$/, '');
