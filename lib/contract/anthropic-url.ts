const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a key may be sent there: no key travels in the open, so https, or http that stays on this machine. */
export function isAnthropicUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
}
