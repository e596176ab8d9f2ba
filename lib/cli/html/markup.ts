import escapeHtml from 'escape-html';
import { scrub } from '../../domain/key';

/** HTML that needs no escaping. Only the tag below makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may be put into a template. Everything but Markup is untrusted text and is escaped. */
export type Piece = Markup | string | number | undefined | false | readonly Piece[];

/** Builds HTML. Text is escaped, and anything that looks like a key is removed from it. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.reduce((whole, string, index) => whole + written(pieces[index - 1]) + string));

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(written).join('');
  return escapeHtml(scrub(String(piece)));
}
