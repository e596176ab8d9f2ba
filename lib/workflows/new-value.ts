import { LABEL } from '../contract/labels';
import type { StoredValue } from '../contract/read-secret';
import {
  exchangeKey,
  fillIn,
  isDocument,
  type NewValue,
  PLACEHOLDER,
  refused,
} from '../contract/secret-value';
import { faultOf } from '../domain/fault';
import { type ApiKey, type Content, readStored } from '../domain/key';
import type { SeenSecret } from './fetch-secret';
import type { Ports } from './ports';

/**
 * What the version of a new key is to hold: the live value with this key in place of the live one. If the live value is a deliberate stop or
 * broken, the last value with a key, where it is no document of its own.
 */
export async function newValue(
  { secret, observation, keys, values }: SeenSecret,
  key: ApiKey,
  { store }: Pick<Ports, 'store'>,
): Promise<NewValue> {
  const { live } = observation;
  const stored = live && values.get(live.id);
  if (!stored) return fillIn(PLACEHOLDER, key.reveal());
  if (stored.binary) return refused('binary-value');
  const old = live.content.kind === 'key' && !faultOf(live, observation) ? keys.get(live.id) : undefined;
  if (old) return exchangeKey(stored.value, old.reveal(), key.reveal());
  if (isAmbiguous(live.content)) return refused('several-live-keys');
  if (isDocument(stored.value)) return fillIn(stored.value, key.reveal());
  const settings = holdsSettings(stored.value, live.content);
  if (settings && live.content.kind === 'other') return refused('no-place');
  for (const label of [LABEL.previous, LABEL.accepted]) {
    const earlier = keyIn(await store.read(secret.arn, { label }));
    if (earlier) return exchangeKey(earlier.value, earlier.key.reveal(), key.reveal());
  }
  return settings ? refused('no-place') : fillIn(stored.value, key.reveal());
}

/** An earlier value and its key, unless it is binary or was itself a stop. */
function keyIn(stored: StoredValue | undefined) {
  if (!stored || stored.binary) return undefined;
  const { content, key } = readStored(stored.value);
  return content.kind === 'key' && key ? { value: stored.value, key } : undefined;
}

const isAmbiguous = (content: Content) => content.kind === 'malformed' && content.reason === 'several-keys';

/** Text that may hold more than one thing, such as `.env`, YAML or a list: a bare key in its place would lose the rest. Words about a stop are none. */
function holdsSettings(text: string, content: Content): boolean {
  if (content.kind === 'other' && content.reason === 'stopped') return false;
  const lines = text.split(/[\n\r]/);
  const named = lines.filter((line) => /^\s*[\w.-]+\s*:/.test(line));
  return (
    /^\s*"?\s*[[{]/.test(text) || named.length > 1 || lines.some((line) => /^[\w\s.-]*\w\s*=/.test(line))
  );
}
