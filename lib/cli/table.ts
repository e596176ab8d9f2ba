import Table from 'cli-table3';
import { type Style, visible, wrap } from './style';

/** A table without lines, for terminals and pipes alike. The last column takes the remaining width, and wraps. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, dim }: Style,
): string {
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => visible(row[index] ?? ''))),
  );
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.max(16, columns - fixed);
  const grid = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
    head: head.map((title) => dim(title)),
  });
  for (const row of rows) grid.push([...row.slice(0, -1), wrap(row.at(-1) ?? '', last)]);
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const SIDES =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';

const NO_LINES = Object.fromEntries(SIDES.split(' ').map((side) => [side, '']));
