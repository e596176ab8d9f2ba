/** Why a text is not taken as a key. */
export type RefusalReason =
  | 'empty'
  | 'json'
  | 'non-ascii'
  | 'quoted'
  | 'assignment'
  | 'bearer'
  | 'several-keys'
  | 'inner-whitespace'
  | 'truncated'
  | 'stopped'
  | 'placeholder'
  | 'admin-key'
  | 'compliance-key'
  | 'oauth-access-token'
  | 'oauth-refresh-token'
  | 'session-key'
  | 'key-id'
  | 'openai-key'
  | 'aws-access-key'
  | 'aws-secret-key'
  | 'arn'
  | 'github-token'
  | 'jwt'
  | 'private-key'
  | 'url'
  | 'too-short'
  | 'too-long'
  | 'bad-characters'
  | 'unknown';

interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

const FIELD = 'ANTHROPIC_API_KEY';

const USABLE = /^sk-ant-[A-Za-z0-9_-]{20,250}$/;

const USUAL = /^sk-ant-api03-[A-Za-z0-9_-]{93}AA$/;

const CONSOLE = 'Create an API key in the Claude Console under Settings, API keys, and paste that.';

/** First match names the refusal: shapes of a spoiled paste before kinds of another secret. */
const REFUSALS: readonly (readonly [RefusalReason, RegExp, string])[] = [
  ['empty', /^$/, 'Nothing was given. Paste the whole key.'],
  [
    'stopped',
    /^(?:disabled|revoked|stopped|stop|paused|off|none|null|nil|n\/a|removed|deleted)\b/i,
    'This text says that the key is stopped on purpose; it is no key.',
  ],
  [
    'private-key',
    /^-----BEGIN/,
    `This is a PEM block, such as a private key or certificate, not an Anthropic key. ${CONSOLE}`,
  ],
  [
    'non-ascii',
    /[^\s!-~…•]/u,
    'The text holds characters that only look like plain letters, or invisible ones. Copy the key again with the copy button of the Console, not out of a document or chat.',
  ],
  ['url', /^[a-z][a-z0-9+.-]*:\/\//i, `This is an address, not a key. ${CONSOLE}`],
  ['arn', /^arn:/i, 'This is an AWS resource name, not a key.'],
  [
    'assignment',
    /^(?:export\s+|setx?\s+)?[A-Za-z_][\w-]*\s*[=:]/i,
    'This is a line that sets a variable or a header. Paste only the key that it sets, without name and quotes.',
  ],
  ['quoted', /^["'`]|["'`,;]$/, 'The key has quotes or punctuation around it. Paste it without them.'],
  [
    'bearer',
    /^(?:bearer|basic|token)\s/i,
    'This is an Authorization header. Paste only the key, without the word before it.',
  ],
  ['several-keys', /sk-ant-.*sk-ant-/s, 'This holds more than one key. Paste exactly one.'],
  [
    'placeholder',
    /^(?:(?:sk-ant-)?(?:api03-)?(?:[<[$]|\{\{)|(?:sk-ant-)?(?:api03-)?(?:your|my|insert|paste|enter|example|dummy|fake|test|replace|change|put|todo|tbd|placeholder|xxx+)(?:$|[-_\s]|me\b|this\b|here\b|key\b))/i,
    `This is a placeholder out of an example, not a key. ${CONSOLE}`,
  ],
  [
    'truncated',
    /\.{2,}|…|\*{2,}|•/,
    'This is the shortened form of a key, as lists show it. The whole key is shown once, when it is created: if it is gone, create another.',
  ],
  ['inner-whitespace', /\s/, 'The key has a line break or a space inside. Copy it again in one piece.'],
  [
    'admin-key',
    /^sk-ant-admin/i,
    'This is an Admin API key: it rules the whole organization and cannot be used for inference. Revoke it if it was pasted where others can read it, and give an ordinary API key.',
  ],
  [
    'compliance-key',
    /^sk-ant-api01-/i,
    'This is a scoped admin or compliance key, which cannot be used for inference. Give an ordinary API key.',
  ],
  [
    'oauth-access-token',
    /^sk-ant-oat/i,
    'This is an OAuth access token: it ends within hours and belongs to a person. Give an ordinary API key.',
  ],
  [
    'oauth-refresh-token',
    /^sk-ant-ort/i,
    'This is an OAuth refresh token: it can mint access for a person. Sign that session out, and give an ordinary API key.',
  ],
  [
    'session-key',
    /^sk-ant-sid/i,
    'This is the session cookie of a person. Sign that session out, and give an ordinary API key.',
  ],
  [
    'key-id',
    /^apikey_/i,
    'This is the id of a key, not the key. The whole key is shown once, when it is created.',
  ],
  ['openai-key', /^sk-(?!ant-)/i, `This looks like a key of OpenAI or another vendor. ${CONSOLE}`],
  ['aws-access-key', /^(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}$/, `This is an AWS access key id. ${CONSOLE}`],
  [
    'github-token',
    /^(?:gh[pousr]_|github_pat_)/,
    `This is a GitHub token: revoke it if others can read it here. ${CONSOLE}`,
  ],
  ['jwt', /^eyJ/, `This is a signed web token (JWT), not an Anthropic key. ${CONSOLE}`],
  [
    'aws-secret-key',
    /^(?!sk-)[A-Za-z0-9/+=]{40}$/,
    `This has the shape of an AWS secret access key: rotate it if others can read it here. ${CONSOLE}`,
  ],
  [
    'too-short',
    /^sk-ant-.{0,19}$/i,
    'This starts like an Anthropic key and is too short to be one. Copy it again, whole.',
  ],
  [
    'too-long',
    /^sk-ant-.{251,}$/i,
    'This starts like an Anthropic key and is far too long for one. Paste exactly one key.',
  ],
  [
    'bad-characters',
    /^sk-ant-/i,
    'This starts like an Anthropic key and holds characters that no key has. Copy it again with the copy button of the Console.',
  ],
  ['unknown', /^/, `This is not an Anthropic key: those start with "sk-ant-". ${CONSOLE}`],
];

/** What a text of usable shape may still be; the last rows are for texts of no usable shape. */
const NAMED_KINDS = REFUSALS.filter(([reason]) => reason !== 'bad-characters' && reason !== 'unknown');

/** Names why a trimmed text can't be used as a key; undefined for a usable one. */
export function refusalOf(text: string): Refusal | undefined {
  if (USUAL.test(text)) return undefined;
  const rows = USABLE.test(text) ? NAMED_KINDS : REFUSALS;
  const found = rows.find(([, pattern]) => pattern.test(text));
  return found && { reason: found[0], message: found[2] };
}

/** Says a refusal again where only its reason was kept; undefined for a word that is none. */
export const refusalMessage = (reason: string): string | undefined =>
  REFUSALS.find(([name]) => name === reason)?.[2];

/** Takes the text out of a JSON document; a document that holds none is refused by name. */
export function unwrap(raw: string): { readonly text: string; readonly refusal?: Refusal } {
  const text = raw.trim();
  if (!/^(?:\{(?!\{)|\[\s*")/.test(text)) return { text };
  const refuse = (message: string) => ({ text, refusal: { reason: 'json' as const, message } });
  try {
    const document: unknown = JSON.parse(text);
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    const field: unknown = isObject ? (document as Record<string, unknown>)[FIELD] : undefined;
    if (typeof field !== 'string') return refuse(`The JSON document has no text field named ${FIELD}.`);
    return { text: field.trim() };
  } catch {
    return refuse(
      `This starts like a JSON document and is none. Paste the key alone, or a document with ${FIELD}.`,
    );
  }
}

/** What is out of the ordinary about a usable key: no reason to refuse it, since new kinds appear. */
export function unusualShape(key: string): readonly string[] {
  if (USUAL.test(key)) return [];
  if (key.startsWith('sk-ant-usr-')) {
    return ['This looks like a personal key: it stops working when its owner leaves the organization.'];
  }
  if (key.startsWith('sk-ant-api03-')) {
    return [
      `The key has ${key.length} characters or another ending than usual (108, ending in AA): it may be cut off.`,
    ];
  }
  return ['This kind of Anthropic key is newer than this program: secret scanners may not know it either.'];
}

/** Whether a refused text was meant to be a key: an unusable paste to undo, rather than a deliberate stop. */
export function looksMeantAsKey(text: string): boolean {
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
