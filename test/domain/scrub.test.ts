import { scrub } from '../../lib/domain/key';
import { keyOf, keyText } from '../keys';

const text = keyText('scrubbed');

test.each([
  ['a key', text],
  ['a header', `Authorization: Bearer ${text}`],
  ['an address', `https://example.com/?key=${text}&x=1`],
  ['an Admin key', keyText('scrubbed', 'admin01')],
  ['capitals', text.toUpperCase()],
])('takes %s out', (_, printed) => {
  expect(scrub(printed)).not.toContain(printed.slice(-30));
  expect(scrub(printed)).toContain('sk-ant-[redacted]');
});

test('takes signed tokens out', () => {
  expect(scrub(`token ${'eyJhbGciOiJSUzI1NiJ9'}.${'a'.repeat(20)}.${'b'.repeat(20)} end`)).toBe(
    'token [redacted token] end',
  );
});

test('leaves hints and other text alone', () => {
  const said = `The key ${keyOf(text).hint} of prod/api-gateway was refused.`;
  expect(scrub(said)).toBe(said);
});
