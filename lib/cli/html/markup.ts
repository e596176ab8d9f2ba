import escapeHtml from 'escape-html';
import { scrub } from '../../domain/key';

/** HTML that may be put into HTML as it is. Only the tag below makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand between the pieces of a template: everything but Markup is text of others, and leaves as text. */
export type Piece = Markup | string | number | undefined | false | readonly Piece[];

/** Builds HTML. Whatever is put in is escaped, and rid of anything that looks like a key. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.reduce((whole, string, index) => whole + written(pieces[index - 1]) + string));

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(written).join('');
  return escapeHtml(scrub(String(piece)));
}
