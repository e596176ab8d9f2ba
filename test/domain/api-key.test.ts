import { inspect } from 'node:util';
import fc from 'fast-check';
import { ApiKey, parseApiKey, readAdminKey, readStored } from '../../lib/domain/key';
import type { FormatRefusal } from '../../lib/domain/refusal';
import { keyOf, keyText } from '../keys';

const contentOf = (stored: string) => readStored(stored).content;
const text = keyText('api-gateway');
const key = keyOf(text);

describe('a key', () => {
  test('is shown by its kind, three characters and its last four', () => {
    expect(key.hint).toBe(`${text.slice(0, 16)}…${text.slice(-4)}`);
    expect(keyOf(keyText('a', 'usr')).hint).toMatch(/^sk-ant-usr-...…..AA$/);
  });

  test('has a fingerprint of its own', () => {
    expect(key.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(keyOf(` ${text}\n`).fingerprint).toBe(key.fingerprint);
    expect(keyOf(keyText('other')).fingerprint).not.toBe(key.fingerprint);
  });

  test.each<[string, () => string]>([
    ['a template literal', () => `${key}`],
    ['JSON', () => JSON.stringify({ key, list: [key] })],
    ['console.log', () => inspect(key)],
    [
      'a deep inspection with hidden fields',
      () => inspect({ key }, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    ],
    ['an inspection that ignores its wishes', () => inspect(key, { customInspect: false, showHidden: true })],
    ['a copy', () => inspect({ ...key })],
    ['a structured clone', () => inspect(structuredClone(key))],
    ['the cause of an error', () => inspect(new Error('failed', { cause: key }))],
    [
      'its names and symbols',
      () =>
        Reflect.ownKeys(key)
          .map((name) => String(Reflect.get(key, name)))
          .join(),
    ],
    ['an error about a method', () => String(new TypeError(`bad key: ${key}`).stack)],
  ])('is not given away by %s', (_, print) => {
    const printed = print();
    expect(printed).not.toContain(text.slice(16, -4));
    expect(printed).not.toContain(text.slice(20, 40));
  });

  test('knows the redacted form that Anthropic shows of it', () => {
    const [start, end] = [text.slice(0, 16), text.slice(-4)];
    expect(key.matchesHint(`${start}...${end}`)).toBe(true);
    expect(key.matchesHint(`${start}…${end}`)).toBe(true);
    expect(key.matchesHint(`${keyText('other').slice(0, 16)}...${end}`)).toBe(false);
    expect(key.matchesHint(`${start}...`)).toBe(false);
    expect(key.matchesHint(`...${end}`)).toBe(false);
    expect(key.matchesHint(start)).toBe(false);
    expect(key.matchesHint(`${start}...${end}...${end}`)).toBe(false);
    expect(key.matchesHint('')).toBe(false);
  });
});

const long = 'x'.repeat(60);

const PASTES: readonly (readonly [what: string, paste: string, reason: FormatRefusal, says: RegExp])[] = [
  ['nothing', '', 'empty', /Nothing was given/],
  ['blanks', ' \n\t ', 'empty', /Nothing was given/],
  ['a deployed placeholder', '{"ANTHROPIC_API_KEY":""}', 'empty', /Nothing was given/],
  ['an Admin key', keyText('a', 'admin01'), 'admin-key', /Admin API key/],
  ['a compliance key', keyText('a', 'api01'), 'compliance-key', /compliance key/],
  ['an OAuth access token', keyText('a', 'oat01'), 'oauth-access-token', /OAuth access token/],
  ['an OAuth refresh token', keyText('a', 'ort01'), 'oauth-refresh-token', /OAuth refresh token/],
  ['a session cookie', keyText('a', 'sid01'), 'session-key', /session cookie/],
  ['a key of OpenAI', `sk-proj-${long}`, 'openai-key', /OpenAI/],
  ['an AWS access key id', `AKIA${'Q'.repeat(16)}`, 'aws-access-key', /AWS access key/],
  ['an AWS secret key', `${'aB3/'.repeat(10)}`, 'aws-secret-key', /AWS secret access key/],
  ['an ARN', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:x', 'arn', /AWS resource name/],
  ['a GitHub token', `ghp_${'a'.repeat(36)}`, 'github-token', /GitHub token/],
  ['a signed web token', `eyJ${long}.${long}`, 'jwt', /JWT/],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nabc', 'private-key', /PEM/],
  ['a placeholder of an example', 'sk-ant-your-key-here-and-nothing-else', 'placeholder', /placeholder/],
  ['a placeholder in brackets', '<your-api-key>', 'placeholder', /placeholder/],
  ['a template variable', '$ANTHROPIC_API_KEY', 'placeholder', /placeholder/],
  ['REPLACE_ME', 'REPLACE_ME', 'placeholder', /placeholder/],
  [
    'a line break inside',
    `${text.slice(0, 50)}\n${text.slice(50)}`,
    'inner-whitespace',
    /line break or a space/,
  ],
  ['a space inside', `${text.slice(0, 50)} ${text.slice(50)}`, 'inner-whitespace', /line break or a space/],
  [
    'a line break inside a document',
    JSON.stringify({ ANTHROPIC_API_KEY: `${text.slice(0, 50)}\n${text.slice(50)}` }),
    'inner-whitespace',
    /line break/,
  ],
  ['double quotes', `"${text}"`, 'quoted', /without them/],
  ['single quotes', `'${text}'`, 'quoted', /without them/],
  ['a trailing comma', `${text},`, 'quoted', /punctuation/],
  ['an export line', `export ANTHROPIC_API_KEY=${text}`, 'assignment', /sets a variable/],
  ['a line of a .env file', `ANTHROPIC_API_KEY="${text}"`, 'assignment', /sets a variable/],
  ['a YAML line', `anthropic_api_key: ${text}`, 'assignment', /sets a variable/],
  ['a header', `x-api-key: ${text}`, 'assignment', /header/],
  ['an Authorization value', `Bearer ${text}`, 'bearer', /Authorization header/],
  ['two keys', `${text}${keyText('other')}`, 'several-keys', /more than one key/],
  ['two keys on two lines', `${text}\n${keyText('other')}`, 'several-keys', /more than one key/],
  ['a hint out of a listing', 'sk-ant-api03-abc...wxyz', 'truncated', /shortened form/],
  ['our own hint', key.hint, 'truncated', /shortened form/],
  ['a starred key', 'sk-ant-api03-abc*****wxyz', 'truncated', /shortened form/],
  ['the id of a key', 'apikey_01Rj2N8SVvo6BePZj99NhmiT', 'key-id', /id of a key/],
  ['an address', 'https://platform.claude.com/settings/keys', 'url', /address/],
  ['a document without the field', '{"API_KEY":"x"}', 'json', /no text field named ANTHROPIC_API_KEY/],
  ['a broken document', `{"ANTHROPIC_API_KEY":"${text}"`, 'json', /JSON document/],
  ['a list', `["${text}"]`, 'json', /no text field/],
  ['a cut-off key', 'sk-ant-api03-abc', 'too-short', /too short/],
  ['an endless key', `sk-ant-api03-${'Q'.repeat(300)}`, 'too-long', /too long/],
  ['a Cyrillic lookalike', text.replace('a', '\u0430'), 'non-ascii', /look like plain letters/],
  ['an invisible character', `\u200b${text}`, 'non-ascii', /invisible/],
  ['a character that no key has', `${text}!`, 'bad-characters', /characters that no key has/],
  ['a deliberate stop', 'DISABLED', 'stopped', /stopped on purpose/],
  ['a deliberate stop with a reason', 'disabled: leaked, see the ticket', 'stopped', /stopped on purpose/],
  ['a word', 'hunter2', 'unknown', /start with "sk-ant-"/],
];

describe('judging a paste', () => {
  test.each(PASTES)('%s is refused by name', (_, paste, reason, says) => {
    const judgement = parseApiKey(paste);
    expect(judgement).toMatchObject({ ok: false, reason, message: expect.stringMatching(says) });
  });

  test.each(PASTES)('%s never comes back in the message', (_, paste) => {
    const { message } = parseApiKey(paste) as { message: string };
    for (const part of paste.match(/[\w/-]{18,}/g) ?? []) expect(message).not.toContain(part.slice(0, 18));
  });

  test.each([
    ['plain', text],
    ['with a line break at the end', `${text}\r\n`],
    ['in a document', JSON.stringify({ ANTHROPIC_API_KEY: text, REGION: 'eu' })],
    ['in a document with blanks around it', ` ${JSON.stringify({ ANTHROPIC_API_KEY: ` ${text}\n` })}\n`],
  ])('a key %s is taken without a warning', (_, paste) => {
    const judgement = parseApiKey(paste);
    expect(judgement).toMatchObject({ ok: true, warnings: [] });
    expect(judgement.ok && judgement.key.reveal()).toBe(text);
  });

  test.each([
    ['a personal key', keyText('a', 'usr'), /personal key/],
    ['a kind that nobody knows yet', keyText('a', 'api07'), /newer than this program/],
    ['a key of unusual length', text.slice(0, 80), /80 characters/],
  ])('%s is taken with a warning', (_, paste, says) => {
    expect(parseApiKey(paste)).toMatchObject({ ok: true, warnings: [expect.stringMatching(says)] });
  });

  test('whatever is accepted has the shape of a key and nothing else', () => {
    const shape = /^sk-ant-[A-Za-z0-9_-]{20,250}$/;
    const noise = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('', ' ', '\n') },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    );
    const paste = fc
      .tuple(noise, fc.constantFrom(text, 'sk-ant-', keyText('a', 'admin01'), ''), noise)
      .map((parts) => parts.join(''));
    let taken = 0;
    fc.assert(
      fc.property(paste, (raw) => {
        const judgement = parseApiKey(raw);
        if (judgement.ok) {
          taken += 1;
          expect(judgement.key.reveal()).toMatch(shape);
        } else expect(judgement.message).not.toContain(text.slice(16, 40));
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(20);
    expect(taken).toBeLessThan(480);
  });

  test('every usual key is accepted, whatever its letters spell', () => {
    const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-');
    const body = fc.oneof(
      fc.array(letter, { minLength: 93, maxLength: 93 }).map((letters) => letters.join('')),
      fc.constantFrom('my-', 'fake_', 'your-key', 'xxx-').map((word) => word.padEnd(93, 'q')),
    );
    fc.assert(
      fc.property(body, (letters) => {
        expect(parseApiKey(`sk-ant-api03-${letters}AA`)).toMatchObject({ ok: true, warnings: [] });
      }),
    );
  });
});

describe('reading a stored value', () => {
  test('a key is named, never revealed', () => {
    const { hint, fingerprint } = key;
    expect(contentOf(JSON.stringify({ ANTHROPIC_API_KEY: text }))).toEqual({
      kind: 'key',
      hint,
      fingerprint,
    });
  });

  test.each(['', ' ', '{"ANTHROPIC_API_KEY":""}'])('%j is a placeholder', (stored) => {
    expect(contentOf(stored)).toEqual({ kind: 'placeholder' });
  });

  test.each([
    'DISABLED',
    'disabled: see the ticket',
    'hunter2',
    '{"OTHER":"x"}',
    `sk-proj-${long}`,
    'REPLACE_ME',
    '停用',
    'https://example.com',
  ])('%j is somebody’s own text', (stored) => expect(contentOf(stored).kind).toBe('other'));

  test.each([
    ['an Admin key', keyText('a', 'admin01')],
    ['a line break inside', `${text.slice(0, 50)}\n${text.slice(50)}`],
    ['a hint', key.hint],
    [
      'a line break inside a document',
      JSON.stringify({ ANTHROPIC_API_KEY: `${text.slice(0, 50)}\n${text.slice(50)}` }),
    ],
    ['a lookalike', text.replace('a', '\u0430')],
    ['a lookalike within', text.replace(/(.{60})./, '$1\u0430')],
    ['capitals', text.toUpperCase()],
    ['a hint in a line of a .env file', `ANTHROPIC_API_KEY=${key.hint}`],
    ['an Admin key under another name', JSON.stringify({ admin: keyText('a', 'admin01') })],
    ['half a key in a line of a .env file', `A=1\nANTHROPIC_API_KEY=${text.slice(0, 60)}…`],
    ['two keys on two lines', `A=${text}\nB=${keyText('other')}`],
    ['two keys in a document', JSON.stringify({ a: text, b: keyText('other') })],
  ])('%s is a malformed key', (_, stored) => expect(contentOf(stored).kind).toBe('malformed'));
});

test('an Admin key is read from its own secret, and nothing else is', () => {
  const admin = keyText('a', 'admin01');
  expect(readAdminKey(`${admin}\n`)).toBeInstanceOf(ApiKey);
  expect(readAdminKey(JSON.stringify({ ANTHROPIC_API_KEY: admin }))?.reveal()).toBe(admin);
  expect(readAdminKey(text)).toBeUndefined();
  expect(readAdminKey(`${admin} x`)).toBeUndefined();
});
