/** What a person does with a key or a text that was refused. */
type Disposal =
  /** Nobody can use it. */
  | 'nothing'
  /** It is in proper use: revoking it would stop a service. */
  | 'keep'
  /** A good key in a bad place: it may be handed in again when that is settled. */
  | 'settle'
  /** It may be the live key of another team. Source: docs/adr/0009. */
  | 'ask-its-team'
  | 'revoke';

interface Row {
  /** One or two sentences for people; never a part of the text that was refused. */
  readonly says: string;
  readonly disposal: Disposal;
}

const CONSOLE = 'Create an API key in the Claude Console under Settings, API keys, and paste that.';

/** Why a text is not taken as a key, in the words that are used wherever it is told. */
const FORMAT = {
  empty: { says: 'Nothing was given. Paste the whole key.', disposal: 'nothing' },
  json: {
    says: 'The JSON document holds no key in a text field named ANTHROPIC_API_KEY.',
    disposal: 'revoke',
  },
  stopped: { says: 'This text says that the key is stopped on purpose; it is no key.', disposal: 'nothing' },
  'private-key': {
    says: `This is a PEM block, such as a private key or certificate, not an Anthropic key. ${CONSOLE}`,
    disposal: 'revoke',
  },
  'non-ascii': {
    says: 'The text holds characters that only look like plain letters, or invisible ones. Copy the key again with the copy button of the Console, not out of a document or chat.',
    disposal: 'revoke',
  },
  url: { says: `This is an address, not a key. ${CONSOLE}`, disposal: 'nothing' },
  arn: { says: 'This is an AWS resource name, not a key.', disposal: 'nothing' },
  assignment: {
    says: 'This is a line that sets a variable or a header. Paste only the key that it sets, without name and quotes.',
    disposal: 'revoke',
  },
  quoted: { says: 'The key has quotes or punctuation around it. Paste it without them.', disposal: 'revoke' },
  bearer: {
    says: 'This is an Authorization header. Paste only the key, without the word before it.',
    disposal: 'revoke',
  },
  'several-keys': { says: 'This holds more than one key. Paste exactly one.', disposal: 'revoke' },
  placeholder: {
    says: `This is a placeholder out of an example, not a key. ${CONSOLE}`,
    disposal: 'nothing',
  },
  truncated: {
    says: 'This is the shortened form of a key, as lists show it. The whole key is shown once, when it is created: if it is gone, create another.',
    disposal: 'nothing',
  },
  'inner-whitespace': {
    says: 'The key has a line break or a space inside. Copy it again in one piece.',
    disposal: 'revoke',
  },
  'admin-key': {
    says: 'This is an Admin API key: it rules the whole organization and cannot be used for inference. Revoke it if it was pasted where others can read it, and give an ordinary API key.',
    disposal: 'revoke',
  },
  'compliance-key': {
    says: 'This is a scoped admin or compliance key, which cannot be used for inference. Give an ordinary API key.',
    disposal: 'revoke',
  },
  'oauth-access-token': {
    says: 'This is an OAuth access token: it ends within hours and belongs to a person. Give an ordinary API key.',
    disposal: 'revoke',
  },
  'oauth-refresh-token': {
    says: 'This is an OAuth refresh token: it can mint access for a person. Sign that session out, and give an ordinary API key.',
    disposal: 'revoke',
  },
  'session-key': {
    says: 'This is the session cookie of a person. Sign that session out, and give an ordinary API key.',
    disposal: 'revoke',
  },
  'key-id': {
    says: 'This is the id of a key, not the key. The whole key is shown once, when it is created.',
    disposal: 'nothing',
  },
  'openai-key': { says: `This looks like a key of OpenAI or another vendor. ${CONSOLE}`, disposal: 'revoke' },
  'aws-access-key': { says: `This is an AWS access key id. ${CONSOLE}`, disposal: 'revoke' },
  'github-token': {
    says: `This is a GitHub token: revoke it if others can read it here. ${CONSOLE}`,
    disposal: 'revoke',
  },
  jwt: { says: `This is a signed web token (JWT), not an Anthropic key. ${CONSOLE}`, disposal: 'revoke' },
  'aws-secret-key': {
    says: `This has the shape of an AWS secret access key: rotate it if others can read it here. ${CONSOLE}`,
    disposal: 'revoke',
  },
  'too-short': {
    says: 'This starts like an Anthropic key and is too short to be one. Copy it again, whole.',
    disposal: 'revoke',
  },
  'too-long': {
    says: 'This starts like an Anthropic key and is far too long for one. Paste exactly one key.',
    disposal: 'revoke',
  },
  'bad-characters': {
    says: 'This starts like an Anthropic key and holds characters that no key has. Copy it again with the copy button of the Console.',
    disposal: 'revoke',
  },
  unknown: {
    says: `This is not an Anthropic key: those start with "sk-ant-". ${CONSOLE}`,
    disposal: 'revoke',
  },
} as const satisfies Readonly<Record<string, Row>>;

/** Why a key is refused that has the form of one: for where it is used, or for what Anthropic says of it. */
const KEY = {
  dead: {
    says: 'Anthropic refuses it: it was disabled, has expired, or was not copied whole.',
    disposal: 'nothing',
  },
  leaked: { says: 'It was reported as leaked: whoever has it could use the service.', disposal: 'revoke' },
  elsewhere: {
    says: 'It belongs to another workspace or organization than this environment.',
    disposal: 'ask-its-team',
  },
  'duplicate-of-current': {
    says: 'It is the key that is live already. A rotation needs a new one.',
    disposal: 'keep',
  },
  'duplicate-of-retiring': {
    says: 'It is an old key of this service that is about to be switched off. To go back to it, use rollback.',
    disposal: 'keep',
  },
  'duplicate-of-another-secret': {
    says: 'Another secret uses it already. Each service needs a key of its own, or a leak of one stops both.',
    disposal: 'keep',
  },
  'too-many-retiring': {
    says: 'At least 12 old keys of this service still wait for their end, and AWS allows 20 labels per secret. Switch the old keys off first.',
    disposal: 'settle',
  },
  owner: { says: 'Its creator is no longer a member of the organization.', disposal: 'revoke' },
  'workspace-config': {
    says: 'Its workspace is not set up for it, or it is not scoped to one workspace.',
    disposal: 'settle',
  },
  permission: { says: 'It may not send messages: it or its owner lacks the permission.', disposal: 'settle' },
  'ip-allowlist': {
    says: 'The IP allowlist of the organization does not let the functions in that test it.',
    disposal: 'settle',
  },
} as const satisfies Readonly<Record<string, Row>>;

/** Why a text is not taken as a key. */
export type FormatRefusal = keyof typeof FORMAT;

/** Why a submission is refused for good. */
export type Refusal = FormatRefusal | keyof typeof KEY;

/** Every refusal with its sentence, and what is to be done with what was refused. */
export const REFUSALS: Readonly<Record<Refusal, Row>> = { ...FORMAT, ...KEY };

/** Whether a word, such as one from a tag or the reason of a block, is the reason of a refusal. */
export const isRefusal = (word: string): word is Refusal => Object.hasOwn(REFUSALS, word);
