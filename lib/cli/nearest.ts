import { distance } from 'fastest-levenshtein';

/** Names that a slip of the finger could have meant, best first. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, far: distance(wanted, name) }))
    .filter(
      ({ name, far }) =>
        far <= Math.max(2, Math.floor(wanted.length / 3)) || name.endsWith(`/${wanted.split('/').at(-1)}`),
    )
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}
