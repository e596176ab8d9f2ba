import { type FormatRefusal, KEY_FIELD, REFUSALS } from './refusal';

interface Refused {
  readonly reason: FormatRefusal;
  readonly message: string;
}

const USABLE = /^sk-ant-[A-Za-z0-9_-]{20,250}$/;

const USUAL = /^sk-ant-api03-[A-Za-z0-9_-]{93}AA$/;

/** The first match names the refusal: shapes of a spoiled paste come before kinds of other secrets. */
const SHAPES: readonly (readonly [FormatRefusal, RegExp])[] = [
  ['empty', /^$/],
  ['stopped', /^(?:disabled|revoked|stopped|stop|paused|off|none|null|nil|n\/a|removed|deleted)\b/i],
  ['keyless', /^keyless$/i],
  ['private-key', /^-----BEGIN/],
  ['non-ascii', /[^\s!-~…•]/u],
  ['url', /^[a-z][a-z0-9+.-]*:\/\//i],
  ['arn', /^arn:/i],
  ['assignment', /^(?:export\s+|setx?\s+)?[A-Za-z_][\w-]*\s*[=:]/i],
  ['quoted', /^["'`]|["'`,;]$/],
  ['bearer', /^(?:bearer|basic|token)\s/i],
  ['several-keys', /sk-ant-.*sk-ant-/s],
  [
    'placeholder',
    /^(?:(?:sk-ant-)?(?:api03-)?(?:[<[$]|\{\{)|(?:sk-ant-)?(?:api03-)?(?:your|my|insert|paste|enter|example|dummy|fake|test|replace|change|put|todo|tbd|placeholder|xxx+)(?:$|[-_\s]|me\b|this\b|here\b|key\b))/i,
  ],
  ['truncated', /\.{2,}|…|\*{2,}|•/],
  ['inner-whitespace', /\s/],
  ['admin-key', /^sk-ant-admin/i],
  ['compliance-key', /^sk-ant-api01-/i],
  ['oauth-access-token', /^sk-ant-oat/i],
  ['oauth-refresh-token', /^sk-ant-ort/i],
  ['session-key', /^sk-ant-sid/i],
  ['key-id', /^apikey_/i],
  ['openai-key', /^sk-(?!ant-)/i],
  ['aws-access-key', /^(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}$/],
  ['github-token', /^(?:gh[pousr]_|github_pat_)/],
  ['jwt', /^eyJ/],
  ['aws-secret-key', /^(?!sk-)[A-Za-z0-9/+=]{40}$/],
  ['too-short', /^sk-ant-.{0,19}$/i],
  ['too-long', /^sk-ant-.{251,}$/i],
  ['bad-characters', /^sk-ant-/i],
  ['unknown', /^/],
];

/** What a text of usable shape may still be. */
const NAMED_KINDS = SHAPES.filter(([reason]) => reason !== 'bad-characters' && reason !== 'unknown');

/** Whether a text has the shape of the keys that the Console makes. */
export const isUsual = (text: string) => USUAL.test(text);

/** Why a trimmed text cannot be used as a key; undefined for a usable one. */
export function refusalOf(text: string): Refused | undefined {
  if (isUsual(text)) return undefined;
  const rows = USABLE.test(text) ? NAMED_KINDS : SHAPES;
  const found = rows.find(([, pattern]) => pattern.test(text));
  return found && { reason: found[0], message: REFUSALS[found[0]].says };
}

/** What is judged as a key. `blanks`: something was trimmed off it. */
interface Unwrapped {
  readonly text: string;
  readonly blanks?: boolean;
  readonly refusal?: Refused;
}

/** Takes the key out of a JSON document; a document without one is refused. */
export function unwrap(raw: string): Unwrapped {
  const text = raw.trim();
  if (!/^(?:\{(?!\{)|\[\s*")/.test(text)) return { text, blanks: text !== raw };
  const refuse = (message: string) => ({ text, refusal: { reason: 'json' as const, message } });
  try {
    const document: unknown = JSON.parse(text);
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    const field: unknown = isObject ? (document as Record<string, unknown>)[KEY_FIELD] : undefined;
    if (typeof field !== 'string') return refuse(`The JSON document has no text field named ${KEY_FIELD}.`);
    return { text: field.trim(), blanks: field.trim() !== field };
  } catch {
    return refuse(
      `This starts like a JSON document but is not one. Paste the key alone, or a document with ${KEY_FIELD}.`,
    );
  }
}

/** Warnings about a usable key of unusual shape. It is not refused, since new kinds appear. */
export function unusualShape(key: string): readonly string[] {
  if (isUsual(key)) return [];
  if (key.startsWith('sk-ant-usr-'))
    return ['This looks like a personal key: it stops working when its owner leaves the organization.'];
  if (key.startsWith('sk-ant-api03-'))
    return [
      `The key has ${key.length} characters or another ending than usual (108, ending in AA): it may be cut off.`,
    ];
  return ['This kind of Anthropic key is newer than this program: secret scanners may not know it either.'];
}

/** Whether a refused text was meant to be a key: a bad paste to undo rather than a deliberate stop. */
export function looksMeantAsKey(text: string): boolean {
  if (/sk-ant-[\w-]{20}/i.test(text)) return true;
  const bare = text
    .replace(/^\{.*?"ANTHROPIC_API_KEY"\s*:/s, '')
    .replace(/^(?:export|setx?)\s+/i, '')
    .replace(/^[A-Za-z_][\w-]*\s*[=:]\s*/, '')
    .replace(/^[["'`“‘\s]+/, '')
    .replace(/^(?:bearer|basic|token)\s+/i, '')
    .replace(/^\p{Cf}+/u, '');
  const start = [...bare.slice(0, 7).toLowerCase()];
  const same = start.filter((character, index) => character === 'sk-ant-'[index]).length;
  const alike = start.every((character, index) => character === 'sk-ant-'[index] || character > '~');
  return alike && same >= 4;
}
