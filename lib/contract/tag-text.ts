/** What AWS does not accept in a tag value: all but letters, digits, spaces and `_ . : / = + - @`. No comma, no bracket. */
const REFUSED = /[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/gu;

/** Whether AWS takes `text` as a tag's value. */
export const isTagText = (text: string) => [...text].length <= 256 && text.search(REFUSED) < 0;

/** The text without what AWS refuses in a tag. */
export const toTagText = (text: string) => text.replace(REFUSED, ' ').trim();

/** The rule of `isTagText` in words, for messages. */
export const TAG_TEXT_RULE = 'letters, digits, spaces and _ . : / = + - @ (at most 256)';
