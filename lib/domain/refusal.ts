/** The field of a secret's JSON document that holds the key. All other fields belong to the team and are kept. */
export const KEY_FIELD = 'ANTHROPIC_API_KEY';

/** A submission is refused at this many retiring versions, because AWS allows 20 labels per secret. */
export const MOST_RETIRING = 11;

/** What a person does with a refused key or text. */
type Disposal =
  /** Anthropic may know a new key late: it is followed, and people hear of it if it works. */
  | 'watch'
  /** Nobody can use it. */
  | 'nothing'
  /** It is in proper use: revoking it would stop a service. */
  | 'keep'
  /** A good key with a problem: it may be submitted again once that is fixed. */
  | 'settle'
  /** It may be the live key of another team. Source: docs/adr/0009. */
  | 'ask-its-team'
  | 'revoke';

interface Row {
  /** One or two sentences for people, which never quote the refused text. */
  readonly says: string;
  readonly disposal: Disposal;
}

/** Rows with one disposal. */
const disposedBy = <R extends string>(disposal: Disposal, sentences: Readonly<Record<R, string>>) =>
  Object.fromEntries(
    Object.entries<string>(sentences).map(([reason, says]) => [reason, { says, disposal }]),
  ) as Readonly<Record<R, Row>>;

const CONSOLE = 'Create an API key in the Claude Console under Settings, API keys, and paste that.';

/** Why a text is not a key. */
const FORMAT = {
  ...disposedBy('nothing', {
    empty: 'Nothing was given. Paste the whole key.',
    stopped: 'This text says that the key was stopped on purpose. It is not a key.',
    keyless:
      'This text says that the secret needs no key any more. It is not a key, and nobody submits it: write it into the secret itself.',
    url: `This is an address, not a key. ${CONSOLE}`,
    arn: 'This is an AWS resource name, not a key.',
    placeholder: `This is a placeholder from an example, not a key. ${CONSOLE}`,
    truncated:
      'This is the shortened form of a key, as lists show it. The whole key is shown only once, when it is created: if it is gone, create another.',
    'key-id': 'This is the id of a key, not the key. The whole key is shown only once, when it is created.',
  }),
  ...disposedBy('revoke', {
    json: `The JSON document holds no key in a text field named ${KEY_FIELD}.`,
    'private-key': `This is a PEM block, such as a private key or certificate, not an Anthropic key. ${CONSOLE}`,
    'non-ascii':
      'The text holds characters that only look like plain letters, or invisible ones. Copy the key again with the copy button of the Console, not from a document or chat.',
    assignment:
      'This is a line that sets a variable or a header. Paste only the key that it sets, without name and quotes.',
    quoted: 'The key has quotes or punctuation around it. Paste it without them.',
    bearer: 'This is an Authorization header. Paste only the key, without the word before it.',
    'several-keys': 'This holds more than one key. Paste exactly one.',
    'inner-whitespace': 'The key has a line break or a space inside. Copy it again in one piece.',
    'admin-key':
      'This is an Admin API key: it controls the whole organization and cannot be used for inference. Revoke it if it was pasted where others can read it, and use an ordinary API key.',
    'compliance-key':
      'This is a scoped admin or compliance key, which cannot be used for inference. Use an ordinary API key.',
    'oauth-access-token':
      'This is an OAuth access token: it expires within hours and belongs to a person. Use an ordinary API key.',
    'oauth-refresh-token':
      'This is an OAuth refresh token: it can create access tokens for a person. Sign that session out, and use an ordinary API key.',
    'session-key':
      'This is the session cookie of a person. Sign that session out, and use an ordinary API key.',
    'openai-key': `This looks like a key from OpenAI or another vendor. ${CONSOLE}`,
    'aws-access-key': `This is an AWS access key id. ${CONSOLE}`,
    'github-token': `This is a GitHub token: revoke it if others can read it here. ${CONSOLE}`,
    jwt: `This is a signed web token (JWT), not an Anthropic key. ${CONSOLE}`,
    'aws-secret-key': `This has the shape of an AWS secret access key: rotate it if others can read it here. ${CONSOLE}`,
    'too-short': 'This starts like an Anthropic key but is too short to be one. Copy it again, whole.',
    'too-long': 'This starts like an Anthropic key but is far too long for one. Paste exactly one key.',
    'bad-characters':
      'This starts like an Anthropic key but holds characters that no key has. Copy it again with the copy button of the Console.',
    unknown: `This is not an Anthropic key: those start with "sk-ant-". ${CONSOLE}`,
  }),
};

/** Why a well-formed key is refused: for where it is used, or for what Anthropic says of it. */
const KEY = {
  ...disposedBy('watch', {
    dead: 'Anthropic refuses it: it was disabled, has expired, or was not copied whole.',
    'not-proven':
      'Anthropic refused it for a day. Whether it is dead is not proven: no other key was accepted at the same time, or the answers did not come from Anthropic as it gives them.',
  }),
  ...disposedBy('revoke', {
    leaked: 'It was reported as leaked: whoever has it could use the service.',
    owner: 'Its creator is no longer a member of the organization.',
  }),
  ...disposedBy('ask-its-team', {
    elsewhere: 'It belongs to another workspace or organization than this environment.',
  }),
  ...disposedBy('keep', {
    'duplicate-of-current': 'It is already the live key. A rotation needs a new one.',
    'duplicate-of-retiring':
      'It is an old key of this service that is about to be switched off. To go back to it, use rollback.',
    'duplicate-of-another-secret':
      'Another secret already uses it. Each service needs its own key, or a leak of one stops both.',
  }),
  ...disposedBy('settle', {
    'too-many-retiring': `At least ${MOST_RETIRING} old keys of this service are not proven dead yet, and AWS allows 20 labels per secret. Switch the old keys off first.`,
    'workspace-config': 'Its workspace is not set up for it, or it is not scoped to one workspace.',
    permission: 'It may not send messages: it or its owner lacks the permission.',
    'ip-allowlist': 'The IP allowlist of the organization blocks the functions that test it.',
  }),
};

/** Why a key is refused for the live value that it would go into. */
const DOCUMENT = disposedBy('settle', {
  'binary-value':
    'The live value of the secret is binary (SecretBinary), and services would not find a text in its place. Store the same value as text first.',
  'repeated-field': `The live document has ${KEY_FIELD}, or the field that holds its key, more than once, and programs disagree about which one counts. Leave one of them first.`,
  'escaped-key':
    'The live value spells its key with escapes, so the key cannot be exchanged without rewriting the rest. Write the key in plain letters first.',
  'several-live-keys':
    'The live value holds several keys, and nothing says which one to exchange. Leave one of them first.',
  'no-place': `The live value is text with settings of its own but without a key, so there is no place for a new one. Add a line or field named ${KEY_FIELD} with the last key first, or store a JSON document.`,
  'too-large':
    'With this key, the value of the secret would be larger than the 65,536 bytes that AWS allows. Take something out of it first.',
});

/** Why a text is not a key. */
export type FormatRefusal = keyof typeof FORMAT;

/** Why a key is refused for the live value that it would go into. */
export type DocumentRefusal = keyof typeof DOCUMENT;

/** Why a submission is refused for good. */
export type Refusal = FormatRefusal | keyof typeof KEY | DocumentRefusal;

/** Every refusal, with its sentence and what to do with what was refused. */
export const REFUSALS: Readonly<Record<Refusal, Row>> = { ...FORMAT, ...KEY, ...DOCUMENT };

/** Whether a word, such as one from a tag or the reason of a block, is the reason of a refusal. */
export const isRefusal = (word: string): word is Refusal => Object.hasOwn(REFUSALS, word);
