import { html, type Markup, type Piece } from './markup';

/** A cell over several columns. On a narrow screen it has no label. */
export interface Wide {
  readonly columns: number;
  readonly content: Piece;
}

/** Stands where nothing is known or nothing is due. */
export const NOTHING = '–';

/**
 * A table that becomes a card per row on a narrow screen. Each cell repeats the name of its column for that.
 * The roles are those that the elements have anyway: a browser forgets them where the layout is not a table's.
 */
export const cards = (
  className: string,
  head: Piece,
  rows: Piece,
) => html`<table class="cards ${className}" role="table">
<thead role="rowgroup">${head}</thead>
<tbody role="rowgroup">${rows}</tbody>
</table>`;

/** The row that names the columns. */
export const columnRow = (columns: readonly string[]) =>
  html`<tr class="columns" role="row">${columns.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}</tr>`;

/** The first cell names the row: the title of its card. */
export const namedRow = (
  columns: readonly string[],
  [title, ...cells]: readonly [Piece, ...(Piece | Wide)[]],
  className = '',
) => html`
<tr class="${className}" role="row"><th scope="row" role="rowheader">${title}</th>${fields(columns.slice(1), cells)}</tr>`;

/** A row without a name. */
export const plainRow = (
  columns: readonly string[],
  cells: readonly (Piece | Wide)[],
  className = '',
) => html`
<tr class="${className}" role="row">${fields(columns, cells)}</tr>`;

function fields(columns: readonly string[], cells: readonly (Piece | Wide)[]): Markup[] {
  let next = 0;
  return cells.map((cell) => {
    const name = columns[next];
    next += isWide(cell) ? cell.columns : 1;
    if (isWide(cell)) return html`<td colspan="${cell.columns}" role="cell">${cell.content}</td>`;
    return html`<td data-label="${name}"${cell === NOTHING && html` class="nothing"`} role="cell">${cell}</td>`;
  });
}

const isWide = (cell: Piece | Wide): cell is Wide => typeof cell === 'object' && 'columns' in cell;

/** Lets a table scroll on its own where it is too wide, also by keyboard. */
export const scrolling = (label: string, table: Piece) =>
  html`<div class="scroll" role="region" aria-label="${label}, table" tabindex="0">${table}</div>`;
