// Somebody pastes a key into the one file at hand: it must be refused, and must not be printed.
export const KEY_LIKE = /sk-ant-[\w-]{12,}/g;
const USERINFO = /\/\/[^/?#\s"]*@/g;

/** Text of the file as it may be printed: without keys, and without what a URL says before its host. */
export const hide = (text: string) => text.replace(KEY_LIKE, 'sk-ant-…').replace(USERINFO, '//…@');

/** A value of the file as JSON for a message; undefined where there is none. */
export function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const json = hide(JSON.stringify(value));
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
