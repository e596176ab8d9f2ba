import fc from 'fast-check';
import { exchangeKey, fillIn, keyText, PLACEHOLDER } from '../../lib/contract/secret-value';
import { keyText as aKeyText } from '../keys';

const old = aKeyText('old');
const next = aKeyText('next');
const spare = aKeyText('spare');

test('the placeholder never changes: CloudFormation would overwrite every live key', () => {
  expect(PLACEHOLDER).toBe('{"ANTHROPIC_API_KEY":""}');
});

const BIG = '12345678901234567890';

/** Values by a key. */
const FORMS: readonly (readonly [string, (key: string) => string])[] = [
  ['the key alone', (k) => k],
  ['a line break after it', (k) => `${k}\r\n`],
  ['a document', (k) => `{ "n": ${BIG}, "ANTHROPIC_API_KEY" : "${k}",\n "f": 1.10 }\n`],
  ['a byte order mark', (k) => `\ufeff{"ANTHROPIC_API_KEY":"${k}","n":${BIG}}`],
  [
    'a nested twin',
    (k) => `{"n":${BIG},"staging":{"ANTHROPIC_API_KEY":"${spare}"},"ANTHROPIC_API_KEY":"${k}"}`,
  ],
  ['an escaped name', (k) => `{"ANTHROPIC_API\\u005fKEY":"${k}","n":1.10}`],
  [
    'the name in another text',
    (k) => JSON.stringify({ note: '"ANTHROPIC_API_KEY":"x"', ANTHROPIC_API_KEY: k }),
  ],
  ['__proto__', (k) => `{"__proto__":{"a":1},"ANTHROPIC_API_KEY":"${k}","n":1.10}`],
  ['names that occur twice elsewhere', (k) => `{"a":1,"a":2,"ANTHROPIC_API_KEY":"${k}","o":{"x":1,"x":2}}`],
  ['the same key twice', (k) => `{"ANTHROPIC_API_KEY":"${k}","url":"https://${k}@proxy/?k=${k}"}`],
  ['a longer text that begins with it', (k) => `{"ANTHROPIC_API_KEY":"${k}","x":"${old}-and-more"}`],
  ['another field', (k) => `{"api_key":"${k}","n":${BIG}}`],
  ['nested', (k) => `{"anthropic":{"keys":[{"v":"${k}"}]},"n":${BIG}}`],
  ['.env', (k) => `DATABASE_URL=postgres://x\nANTHROPIC_API_KEY=${k}\n# end`],
  ['.env of Windows', (k) => `A=1\r\nexport ANTHROPIC_API_KEY='${k}'\r\n`],
  ['YAML', (k) => `a: &x 1\nanthropic:\n  key: ${k} # ours\nb: *x\n`],
  ['a comma too many', (k) => `{"ANTHROPIC_API_KEY": "${k}", "n": ${BIG},}`],
  ['JSON in a JSON string', (k) => JSON.stringify(JSON.stringify({ ANTHROPIC_API_KEY: k, n: 1 }))],
  ['a list', (k) => `["${k}",${BIG}]`],
  ['quotes', (k) => `"${k}"`],
  ['a header', (k) => `Authorization: Bearer ${k}`],
];

test.each(FORMS)('a key is exchanged in place: %s', (_, form) => {
  expect(keyText(form(old))).toBe(old);
  expect(exchangeKey(form(old), old, next)).toEqual({ ok: true, value: form(next) });
  expect(keyText(form(next))).toBe(next);
});

test.each([
  ['the field twice', `{"ANTHROPIC_API_KEY":"${spare}","ANTHROPIC_API_KEY":"${old}"}`, 'repeated-field'],
  [
    'the field twice, one name escaped',
    `{"ANTHROPIC_API_KEY":"${old}","ANTHROPIC\\u005fAPI_KEY":"${old}"}`,
    'repeated-field',
  ],
  ['another field twice', `{"api_key":"x","api_key":"${old}"}`, 'repeated-field'],
  ['inside a field that is there twice', `{"a":{},"a":{"k":"${old}"}}`, 'repeated-field'],
  ['a key in escapes', `{"ANTHROPIC_API_KEY":"\\u0073k-${old.slice(3)}"}`, 'escaped-key'],
  ['a copy in escapes', `{"ANTHROPIC_API_KEY":"${old}","copy":"\\u0073k-${old.slice(3)}"}`, 'escaped-key'],
  ['a name in escapes', `{"ANTHROPIC_API_KEY":"${old}","\\u0073k-${old.slice(3)}":1}`, 'escaped-key'],
  ['no such key', `{"ANTHROPIC_API_KEY":"${spare}"}`, 'escaped-key'],
])('an exchange is refused where it would guess: %s', (_, stored, reason) => {
  expect(exchangeKey(stored, old, next)).toEqual({ ok: false, reason });
});

test('a value of up to 65,536 bytes is stored, and no larger one', () => {
  const filled = (bytes: number) => {
    const shell = JSON.stringify({ ANTHROPIC_API_KEY: next, pad: 'é' });
    return JSON.stringify({ ANTHROPIC_API_KEY: '', pad: `é${'x'.repeat(bytes - Buffer.byteLength(shell))}` });
  };
  expect(fillIn(filled(65_536), next).ok).toBe(true);
  expect(fillIn(filled(65_537), next)).toEqual({ ok: false, reason: 'too-large' });
  const shorter = aKeyText('short').slice(0, 40);
  const full = `KEY=${shorter}\n${'# x\n'.repeat(16_370)}`;
  expect(exchangeKey(full, shorter, next)).toEqual({ ok: false, reason: 'too-large' });
});

const name = 'ANTHROPIC_API_KEY';

test.each([
  ['the placeholder', PLACEHOLDER, `{"${name}":"${next}"}`],
  ['nothing', '', `{"${name}":"${next}"}`],
  ['blanks', ' \n', `{"${name}":"${next}"}`],
  ['a word', 'DISABLED', next],
  [
    'an empty field and a nested twin',
    `{"a":{"${name}":""},"${name}":"","n":1e400}`,
    `{"a":{"${name}":""},"${name}":"${next}","n":1e400}`,
  ],
  [
    'a stopped field',
    `{ "${name}" : "DISABLED \\"x\\"" , "n":${BIG}}`,
    `{ "${name}" : "${next}" , "n":${BIG}}`,
  ],
  ['null', `{"${name}":null,"n":${BIG}}`, `{"${name}":"${next}","n":${BIG}}`],
  ['no field', `{\n  "n": ${BIG}\n}\n`, `{\n  "n": ${BIG},"${name}":"${next}"\n}\n`],
  ['no field at all', ' { } ', ` {"${name}":"${next}" } `],
  ['a nested last field', '{"a":{"b":[1]}}', `{"a":{"b":[1]},"${name}":"${next}"}`],
  [
    'another key beside an empty field',
    `{"${name}":"","spare":"${spare}"}`,
    `{"${name}":"${next}","spare":"${spare}"}`,
  ],
])('a key is filled in: %s', (_, stored, value) => {
  expect(fillIn(stored, next)).toEqual({ ok: true, value });
});

test.each([
  ['an empty field twice', `{"${name}":"","${name}":""}`, 'repeated-field'],
  ['an object in its place', `{"${name}":{"a":1}}`, 'no-place'],
  ['a list in its place', `{"${name}":[]}`, 'no-place'],
])('filling in is refused where it would lose something: %s', (_, stored, reason) => {
  expect(fillIn(stored, next)).toEqual({ ok: false, reason });
});

describe('every byte but the key’s is kept', () => {
  const noise = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('\n', '\r', '=', ':', '"', '{', '}', '\\', ' '),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    })
    .filter((text) => /^[^A-Za-z0-9_-]/.test(text));

  test('in any text with one key', () => {
    let exchanged = 0;
    fc.assert(
      fc.property(fc.array(noise, { minLength: 2, maxLength: 5 }), (parts) => {
        const put = exchangeKey(parts.join(old), old, next);
        if (!put.ok) return expect(put.reason).toMatch(/^(escaped-key|several-live-keys|repeated-field)$/);
        exchanged += 1;
        expect(put.value).toBe(parts.join(next));
      }),
      { numRuns: 500 },
    );
    expect(exchanged).toBeGreaterThan(300);
  });

  const document = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
  const indent = fc.constantFrom(undefined, 1, '\t');

  test('in any document, whatever else it holds', () => {
    fc.assert(
      fc.property(document, document, indent, (before, after, space) => {
        const written = (key: string) =>
          JSON.stringify({ ...before, [name]: key, ...omitted(after) }, null, space);
        expect(exchangeKey(written(old), old, next)).toEqual({ ok: true, value: written(next) });
        expect(fillIn(written(''), next)).toEqual({ ok: true, value: written(next) });
      }),
    );
  });

  test('in a document that has no field for it yet', () => {
    fc.assert(
      fc.property(document, indent, (before, space) => {
        const stored = JSON.stringify(omitted(before), null, space);
        const put = fillIn(stored, next);
        expect(put.ok && put.value.replace(new RegExp(`,?"${name}":"${next}"`), '')).toBe(stored);
        expect(put.ok && keyText(put.value)).toBe(next);
      }),
    );
  });

  const omitted = ({ [name]: _, ...others }: Record<string, unknown>) => others;
});
