/** What AWS accepts in a tag value: letters, digits, spaces and `_ . : / = + - @`, at most 256 of them. No comma, no bracket. */
const TAG_VALUE = /^[\p{L}\p{N}\p{Zs}_.:/=+\-@]{0,256}$/u;

/** Whether AWS takes `text` as a tag's value. */
export const isTagText = (text: string) => TAG_VALUE.test(text);

/** The text without what AWS refuses in a tag. */
export const toTagText = (text: string) => text.replace(/[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/gu, ' ').trim();

/** The rule of `isTagText` in words, for messages. */
export const TAG_TEXT_RULE = 'letters, digits, spaces and _ . : / = + - @ (at most 256)';
