import { createHash } from 'node:crypto';
import { looksMeantAsKey, refusalOf, unusualShape, unwrap } from './key-format';
import { findKey, type Stands } from './misplaced-key';
import type { FormatRefusal } from './refusal';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A well-formed key. Printing it in any way prints its hint: `reveal` is the only way to the value. */
export class ApiKey {
  readonly #value: string;
  /** The only printable form, e.g. `sk-ant-api03-R2D…igAA`. */
  readonly hint: string;
  /** First 12 hex digits of SHA-256: identifies the key without revealing it. */
  readonly fingerprint: string;

  constructor(value: string) {
    this.#value = value;
    this.hint = hintOf(value);
    this.fingerprint = createHash('sha256').update(value).digest('hex').slice(0, 12);
  }

  reveal(): string {
    return this.#value;
  }

  /** Whether Anthropic's redacted form (`sk-ant-api03-R2D...igAA`) fits this key at both ends. */
  matchesHint(partialKeyHint: string): boolean {
    const [prefix = '', suffix = '', ...rest] = partialKeyHint.split(/\.{2,}|…/);
    return (
      rest.length === 0 &&
      prefix.length >= 3 &&
      suffix.length >= 3 &&
      prefix.length + suffix.length < this.#value.length &&
      this.#value.startsWith(prefix) &&
      this.#value.endsWith(suffix)
    );
  }

  toString(): string {
    return this.hint;
  }

  toJSON(): string {
    return this.hint;
  }

  [INSPECT](): string {
    return `ApiKey(${this.hint})`;
  }
}

/** Whether a text is a key. `message` says what it is instead and what to do; it never quotes the text. */
export type KeyJudgement =
  | { readonly ok: true; readonly key: ApiKey; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: FormatRefusal; readonly message: string };

/** Judges a pasted or stored text, plain or JSON: only what passes may ever be sent to Anthropic. */
export function parseApiKey(raw: string): KeyJudgement {
  const unwrapped = unwrap(raw);
  const refusal = unwrapped.refusal ?? refusalOf(unwrapped.text);
  if (refusal) return { ok: false, ...refusal };
  return { ok: true, key: new ApiKey(unwrapped.text), warnings: unusualShape(unwrapped.text) };
}

/** Reads an Admin API key from the text of its secret, plain or JSON; undefined where it holds none. */
export function readAdminKey(stored: string): ApiKey | undefined {
  const { text } = unwrap(stored);
  return /^sk-ant-(?:admin\d*|api01)-[A-Za-z0-9_-]{20,250}$/.test(text) ? new ApiKey(text) : undefined;
}

/** A stored value: what it holds, and the key where it holds one. */
interface Stored {
  readonly content: Content;
  readonly key?: ApiKey;
}

/**
 * What a stored value holds. One key anywhere in it counts, with a note of where it stands. Other text that was meant to be a key is `malformed`;
 * anything else is `other`, a deliberate stop such as `DISABLED`.
 */
export function readStored(stored: string, { binary = false } = {}): Stored {
  const judgement = parseApiKey(stored);
  if (judgement.ok) {
    const { blanks } = unwrap(stored);
    return held(judgement.key, binary ? { at: 'binary' } : blanks ? { at: 'blanks' } : undefined);
  }
  const { reason } = judgement;
  const onPurpose = reason === 'stopped' || reason === 'keyless';
  const found = onPurpose ? undefined : findKey(stored);
  if (found === 'several' && reason !== 'empty')
    return { content: { kind: 'malformed', reason: 'several-keys' } };
  if (found && found !== 'several') {
    const { key, content } = held(new ApiKey(found.text), binary ? { at: 'binary' } : found.stands);
    return { key, content: reason === 'empty' ? { kind: 'placeholder', besides: content } : content };
  }
  if (reason === 'empty') return { content: { kind: 'placeholder' } };
  const isMeant = !onPurpose && looksMeantAsKey(unwrap(stored).text);
  return { content: { kind: isMeant ? 'malformed' : 'other', reason } };
}

function held(key: ApiKey, stands: Stands | undefined): { key: ApiKey; content: KeyContent } {
  const { hint, fingerprint } = key;
  return { key, content: { kind: 'key', hint, fingerprint, ...(stands && { stands }) } };
}

/** The kind (`api03-`), three more characters, and the last four. */
function hintOf(value: string): string {
  const prefix = /^sk-ant-(?:[a-z]{3,5}\d{0,2}-)?/.exec(value)?.[0] ?? '';
  return `${value.slice(0, prefix.length + 3)}…${value.slice(-4)}`;
}

/** The first 8 characters of a fingerprint: unique within a secret, and short enough for tags and people. */
export const shortId = (fingerprint: string) => fingerprint.slice(0, 8);

/**
 * First 8 hex digits of the SHA-256 of a version's id: names a version in labels and memory. The id itself is its writer's word, and the ids of
 * one writer may all begin alike.
 */
export const versionMark = (versionId: string) => shortHash(versionId);

/** First hex digits of a text's SHA-256. */
export const shortHash = (text: string, digits = 8) =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

/** A version as people are shown it: a UUID by its first 8 characters, any other id whole. */
export const versionInShort = (versionId: string) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(versionId) ? versionId.slice(0, 8) : versionId;

/** Redacts anything that looks like an Anthropic key or a signed token in a text that others wrote, such as an error. */
export function scrub(text: string): string {
  return text
    .replace(/sk-ant-[\w-]+/gi, (found, at: number, whole: string) =>
      isHint(found, whole.slice(at + found.length)) ? found : 'sk-ant-[redacted]',
    )
    .replace(/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted token]');
}

/** The printable form of a key may stay. */
const isHint = (start: string, rest: string) => start.length <= 17 && rest.startsWith('…');

/** A key as people may be told of it: never its value. */
export interface KeyRef {
  readonly versionId: string;
  /** First 12 hex digits of the SHA-256 of the key: identifies it without revealing it. */
  readonly fingerprint: string;
  /** The only printable form of a key, e.g. `sk-ant-api03-R2D…igAA`. */
  readonly hint: string;
}

interface KeyContent extends Omit<KeyRef, 'versionId'> {
  readonly kind: 'key';
  /** Absent where the key stands alone, or in its field. */
  readonly stands?: Stands;
}

/** What a secret version holds. `other` is a deliberate stop, such as `DISABLED`, or says that the secret needs no key: `KEYLESS`. */
export type Content =
  | KeyContent
  /** `besides`: its field is empty, but there is a key elsewhere in the document. */
  | { readonly kind: 'placeholder'; readonly besides?: KeyContent }
  | { readonly kind: 'malformed' | 'other'; readonly reason: FormatRefusal }
  | { readonly kind: 'unread' };

/** A value that was read and holds no key. */
export type NoKey = Exclude<Content, { readonly kind: 'key' | 'unread' }>;
