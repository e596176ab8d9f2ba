import { createHash } from 'node:crypto';
import { type ApiKey, parseApiKey } from '../lib/domain/key';

/** The text of a key, made at run time so that no source ever holds one. Same seed, same key. */
export function keyText(seed: string, kind = 'api03'): string {
  const block = (number: number) => createHash('sha256').update(`${seed}/${number}`).digest('base64url');
  return `sk-ant-${kind}-${[0, 1, 2].map(block).join('').slice(0, 93)}AA`;
}

/** A judged key. */
export function keyOf(text: string): ApiKey {
  const judgement = parseApiKey(text);
  if (!judgement.ok) throw new Error(`The test's key was refused: ${judgement.reason}.`);
  return judgement.key;
}
