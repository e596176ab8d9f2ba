import { scrub } from '../scrub';

/**
 * Text of people, tags or servers as it may stand in a mail: one line of printable ASCII without a key in it, cut at `most`
 * characters, and with nothing a mail client would turn into a link.
 */
export function plain(text: string, most = 200): string {
  const line = scrub(text)
    .replace(/…/g, '...')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/gu, '?')
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 3)}...`;
}

/** Words of a person: like `plain`, and also breaks up bare host names, which mail clients turn into links. */
export const said = (text: string, most = 200) => plain(text, most).replace(/(?<=\w)\.(?=[a-z]{2})/gi, '[.]');

/** The key's short form; anything of another shape is not printed. */
export const hintText = (hint: string) =>
  /^sk-ant-[\w-]{1,9}…[\w-]{4}$/.test(hint) ? hint : '(unnamed key)';

/** An id or a word of a protocol, e.g. a request id or an error type; anything of another shape is not printed. */
export const token = (text: string | undefined) =>
  text !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$/.test(text) ? text : undefined;

/** The owner's address; anything that is no address is not printed. */
export const address = (text: string) =>
  /^[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text) && text.length <= 120
    ? text
    : '(no valid address)';
