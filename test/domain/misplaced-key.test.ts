import fc from 'fast-check';
import { jsonValues, pathOf, textOf } from '../../lib/domain/json-text';
import { readStored } from '../../lib/domain/key';
import type { Stands } from '../../lib/domain/misplaced-key';
import { keyOf, keyText } from '../keys';

const text = keyText('misplaced');
const other = keyText('other');
const personal = keyText('misplaced', 'usr');
const key = keyOf(text);

describe('a usable key that stands elsewhere is a key, with its place', () => {
  test.each<[string, string, Stands]>([
    ['another field', JSON.stringify({ api_key: text }), { at: 'field', name: 'api_key' }],
    ['lower case', JSON.stringify({ anthropic_api_key: text }), { at: 'field', name: 'anthropic_api_key' }],
    ['nested', JSON.stringify({ a: { b: [{ KEY: text }] } }), { at: 'field', name: 'a.b.0.KEY' }],
    ['a list', JSON.stringify([text]), { at: 'field' }],
    ['JSON in a JSON string', JSON.stringify(JSON.stringify({ ANTHROPIC_API_KEY: text })), { at: 'field' }],
    ['the name of a field', JSON.stringify({ [text]: 1 }), { at: 'field' }],
    ['escapes', `{"api_key":"\\u0073k-ant-${text.slice(7)}"}`, { at: 'field', name: 'api_key' }],
    [
      'quotes in the field',
      JSON.stringify({ ANTHROPIC_API_KEY: `"${text}"` }),
      { at: 'field', name: 'ANTHROPIC_API_KEY' },
    ],
    [
      'a header in the field',
      JSON.stringify({ ANTHROPIC_API_KEY: `Bearer ${text}` }),
      { at: 'field', name: 'ANTHROPIC_API_KEY' },
    ],
    [
      'no text in the field',
      JSON.stringify({ ANTHROPIC_API_KEY: null, spare: text }),
      { at: 'field', name: 'spare' },
    ],
    ['.env', `DB=x\nANTHROPIC_API_KEY=${text}\n`, { at: 'line', line: 2, name: 'ANTHROPIC_API_KEY' }],
    ['.env of Windows', `DB=x\r\nexport KEY="${text}"\r\nC=1`, { at: 'line', line: 2, name: 'KEY' }],
    ['.env, personal key', `KEY=${personal}\nDB=x\n`, { at: 'line', line: 1, name: 'KEY' }],
    ['YAML', `db:\n  url: x\nanthropic:\n  key: ${text}\n`, { at: 'line', line: 4, name: 'key' }],
    [
      'a comma too many',
      `{"ANTHROPIC_API_KEY": "${text}", "DB": 1,}`,
      { at: 'line', line: 1, name: 'ANTHROPIC_API_KEY' },
    ],
    [
      'a document that ends early',
      `{"ANTHROPIC_API_KEY": "${text}`,
      { at: 'line', line: 1, name: 'ANTHROPIC_API_KEY' },
    ],
    ['quotes', `'${text}'`, { at: 'line', line: 1 }],
    ['a header', `Authorization: Bearer ${text}`, { at: 'line', line: 1, name: 'Authorization' }],
    ['the first of two lines', `${text}\nDB=x`, { at: 'line', line: 1 }],
    ['an invisible character', `\u200b${text}`, { at: 'line', line: 1 }],
    ['the same key twice', `A=${text}\nB=${text}`, { at: 'line', line: 1, name: 'A' }],
    ['a line break after it', `${text}\n`, { at: 'blanks' }],
    ['a blank in the field', JSON.stringify({ ANTHROPIC_API_KEY: ` ${text}` }), { at: 'blanks' }],
  ])('%s', (_, stored, stands) => {
    const read = readStored(stored);
    const { hint, fingerprint } = stored.includes(personal) ? keyOf(personal) : key;
    expect(read.content).toEqual({ kind: 'key', hint, fingerprint, stands });
    expect(read.key?.fingerprint).toBe(fingerprint);
  });

  test('binary, wherever it stands', () => {
    for (const stored of [text, JSON.stringify({ ANTHROPIC_API_KEY: text }), `KEY=${text}`])
      expect(readStored(stored, { binary: true }).content).toMatchObject({ stands: { at: 'binary' } });
  });
});

test.each([
  ['the field and another one', { ANTHROPIC_API_KEY: text, ADMIN: other }],
  ['a document with blanks around it', { ANTHROPIC_API_KEY: text, more: [other] }],
])('the field alone decides in %s', (_, document) => {
  expect(readStored(` ${JSON.stringify(document, null, 1)}\n`).content).toEqual({
    kind: 'key',
    ...refOf(text),
  });
});

test('a field with a stop, or with other text, is no key, whatever else the document holds', () => {
  for (const stop of ['DISABLED', 'hunter2'])
    expect(readStored(JSON.stringify({ ANTHROPIC_API_KEY: stop, spare: text })).content.kind).toBe('other');
});

test('a stop that mentions the key is a stop', () => {
  expect(readStored(`DISABLED, it was ${text}`).content).toEqual({ kind: 'other', reason: 'stopped' });
});

test('an empty field is empty, with the one key besides', () => {
  const stands = { at: 'field', name: 'api_key' };
  const besides = { kind: 'key', ...refOf(text), stands };
  expect(readStored(JSON.stringify({ ANTHROPIC_API_KEY: '', api_key: text })).content).toEqual({
    kind: 'placeholder',
    besides,
  });
  expect(readStored(JSON.stringify({ ANTHROPIC_API_KEY: '', a: text, b: other })).content).toEqual({
    kind: 'placeholder',
  });
});

test.each([
  ['a key', { [`${keyText('name').slice(0, 60)}…`]: text }],
  ['an AWS access key id', { AKIAIOSFODNN7EXAMPLE: text }],
  ['a GitHub token', { [`ghp_${'a'.repeat(36)}`]: text }],
  ['words', { 'my key: do not share': text }],
  ['an address', { 'https://example.com': text }],
  ['something long', { ['x'.repeat(65)]: text }],
])('a name that is %s is not kept', (_, document) => {
  expect(readStored(JSON.stringify(document)).content).toMatchObject({ stands: { at: 'field' } });
  expect(JSON.stringify(readStored(JSON.stringify(document)).content)).not.toContain(
    Object.keys(document)[0],
  );
});

test('no text stops the reading, and nothing that it says of a key reveals it', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(text, other, '{"a":"', '"}', '\\', '\n', '='),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const { content } = readStored(pieces.join(''));
      for (const each of [text, other]) expect(JSON.stringify(content)).not.toContain(each.slice(20, 60));
    }),
    { numRuns: 1000 },
  );
});

test('whatever JSON a key is put into, it is found there', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, name) => {
      fc.pre(name !== 'ANTHROPIC_API_KEY');
      const stored = JSON.stringify([value, { [name]: text }]);
      expect(readStored(stored).key?.reveal()).toBe(text);
    }),
  );
});

test('every text of a JSON value is found where it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const written = JSON.stringify(value, null, indent);
      const found = jsonValues(written);
      expect(JSON.parse(written.slice(found[0]!.from, found[0]!.to))).toEqual(JSON.parse(written));
      for (const each of found) {
        const meant = pathOf(each).reduce(
          (at, name) => (Object.hasOwn(at as object, name) ? (at as never)[name] : undefined),
          JSON.parse(written),
        );
        expect(JSON.parse(written.slice(each.from, each.to))).toEqual(meant);
        if (typeof meant === 'string') expect(textOf(written, each)).toBe(meant);
      }
    }),
  );
});

test('fields of one name are known as repeated, and no others', () => {
  const repeated = jsonValues('{"a":1,"b":{"a":2},"\\u0061":3,"c":[1,1]}').filter((value) => value.repeated);
  expect(repeated.map(({ from }) => from)).toEqual([5, 28]);
});

test('deep nesting is read', () => {
  const stored = `${'['.repeat(20_000)}"${text}"${']'.repeat(20_000)}`;
  expect(readStored(stored).key?.reveal()).toBe(text);
});

function refOf(value: string) {
  const { hint, fingerprint } = keyOf(value);
  return { hint, fingerprint };
}
